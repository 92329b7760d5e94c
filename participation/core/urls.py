"""Addresses of the spine, under `/participer/`."""

from django.urls import path, register_converter

from participation.core.converters import SubjectKind
from participation.core.views import attachments, comments, notifications, reports, support

register_converter(SubjectKind, "subject_kind")

app_name = "core"
urlpatterns = [
    path("contributions/<int:pk>/soutenir/", support.support, name="support"),
    path("contributions/<int:pk>/retirer-mon-soutien/", support.unsupport, name="unsupport"),
    path("contributions/<int:pk>/commenter/", comments.comment, name="comment"),
    path("contributions/<int:pk>/commentaires/", comments.comments, name="comments"),
    path("commentaires/<int:pk>/retirer/", comments.withdraw, name="comment_withdraw"),
    path("suivre/<subject_kind:kind>/<int:pk>/", support.follow, name="follow"),
    path("ne-plus-suivre/<subject_kind:kind>/<int:pk>/", support.unfollow, name="unfollow"),
    path("signaler/<subject_kind:kind>/<int:pk>/", reports.report, name="report"),
    path("fichiers/<int:pk>/", attachments.attachment, name="attachment"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/lues/", notifications.mark_read, name="notifications_read"),
]
