"""Public addresses of the editorial site that are not pages."""

from django.urls import path

from cms import views

app_name = "cms"
urlpatterns = [
    path("recherche/", views.search, name="search"),
    path("actualites/flux.atom", views.news_feed, name="feed"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
]
