"""Forms come out in the design system: labels, help, errors tied to their fields."""

from django.forms.renderers import TemplatesSetting


class ComponentRenderer(TemplatesSetting):
    """Renders Django forms with templates/components/form.html and field.html."""

    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
