"""Where every part of the site is mounted."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from config import demo, health
from participation.budgets.views.journal import signing_key

handler400 = "config.errors.malformed"
handler500 = "config.errors.failure"

urlpatterns = [
    path("sante/live", health.live, name="health_live"),
    path("sante/ready", health.ready, name="health_ready"),
    path(".well-known/parvis-signing-key", signing_key, name="signing_key"),
    path("gestion/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("langue/", include("django.conf.urls.i18n")),
    path("_/", include("cms.urls_internal")),
    path("cartes/", include("maps.urls")),
]
if settings.DEMO_MODE:
    urlpatterns += demo.urlpatterns

urlpatterns += i18n_patterns(
    path("compte/", include("participation.accounts.urls")),
    path("participer/mon-espace/", include("participation.core.account.urls")),
    path("participer/", include("participation.core.urls")),
    path("budget/", include("participation.budgets.urls")),
    path("agenda/", include("participation.agenda.urls")),
    path("carte/", include("participation.mapping.urls")),
    path("voter/", include("participation.electors.urls")),
    path("", include("cms.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
