"""Public read addresses of the geographic floor."""

from django.urls import URLPattern, path

from maps import views

app_name = "maps"
urlpatterns: list[URLPattern] = [
    path("territoires.geojson", views.territories, name="territories"),
    path("lieux.json", views.places, name="places"),
    path("fonds/<slug:layer>/<int:z>/<int:x>/<int:y>", views.base_tile, name="base_tile"),
    path("couches/<int:pk>.geojson", views.layer_features, name="layer"),
]
