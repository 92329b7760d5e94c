"""Public addresses of the editorial site that are not pages."""

from django.urls import path

from cms import feeds, views

app_name = "cms"
urlpatterns = [
    path("recherche/", views.search, name="search"),
    path("actualites/flux.atom", feeds.NewsFeed(), name="feed"),
    path("sitemap.xml", feeds.sitemaps, name="sitemap"),
    path("sitemap-<slug:section>.xml", feeds.sitemap, name="sitemap_section"),
    path("robots.txt", views.robots, name="robots"),
    path(".well-known/security.txt", views.security_txt, name="security_txt"),
]
