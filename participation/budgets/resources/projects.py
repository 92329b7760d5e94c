"""Projects as a spreadsheet, out and in: what is exported comes back as it was."""

import datetime
from typing import Any

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from import_export import fields, resources
from import_export.widgets import NumberWidget

from participation.budgets.choices import ProjectState
from participation.budgets.models import Envelope, Project
from participation.budgets.resources.amounts import cents_of_cell, euros_cell
from participation.budgets.services.projects import ProjectData, create_project, edit_project
from participation.core.sheets import HEADINGS
from participation.core.verdict import Refused

COLUMNS = (
    "numero",
    "titre",
    "description",
    "categorie",
    "quartier",
    "adresse",
    "latitude",
    "longitude",
    "cout_euros",
)
_MORE = ("budget", "enveloppe", "etat", "votes")
PROJECT_HEADINGS = {
    **HEADINGS,
    "cout_euros": _("Cost (euros)"),
    "budget": _("Participatory budget"),
    "enveloppe": _("Envelope"),
    "votes": _("Votes"),
}
"""For a file to read; one to import has the names of the columns."""


class ProjectResource(resources.ModelResource):
    """Projects of one envelope (`envelope`) to import; of any to export.

    Each row is written by the same services as the form, so that an import refuses what the form
    refuses, in the same words. A number already taken changes that project, an unknown one adds
    it, an empty one gets the next number.
    """

    numero = fields.Field(column_name="numero", attribute="reference")
    titre = fields.Field(column_name="titre", attribute="title")
    description = fields.Field(column_name="description", attribute="description")
    categorie = fields.Field(column_name="categorie")
    quartier = fields.Field(column_name="quartier")
    adresse = fields.Field(column_name="adresse", attribute="address")
    latitude = fields.Field(column_name="latitude")
    longitude = fields.Field(column_name="longitude")
    cout_euros = fields.Field(column_name="cout_euros")
    budget = fields.Field(column_name="budget")
    enveloppe = fields.Field(column_name="enveloppe")
    etat = fields.Field(column_name="etat")
    votes = fields.Field(
        column_name="votes",
        attribute="shown_votes",
        widget=NumberWidget(coerce_to_string=False),
    )

    class Meta:
        model = Project
        fields = (*COLUMNS, *_MORE)
        export_order = (*COLUMNS, *_MORE)
        import_id_fields = ("numero",)
        use_transactions = True
        clean_model_instances = False
        skip_diff = True
        store_instance = True

    def __init__(
        self,
        *,
        envelope: Envelope | None = None,
        actor: Any = None,
        at: datetime.datetime | None = None,
        importable: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.envelope, self.actor, self.at = envelope, actor, at
        if envelope is not None or importable:  # a file that comes back has only what may change
            for name in _MORE:
                del self.fields[name]
        if envelope is not None:
            budget = envelope.budget
            self._categories = {
                category.name.casefold(): category for category in budget.categories.all()
            }
            self._territories = territories_by_name(envelope)
            self._seen: dict[str, int] = {}

    # Out

    def dehydrate_categorie(self, project: Project) -> str:
        return project.category.name if project.category else ""

    def dehydrate_quartier(self, project: Project) -> str:
        return project.territory.name if project.territory else ""

    def dehydrate_latitude(self, project: Project) -> float | str:
        return round(project.point.y, 6) if project.point else ""

    def dehydrate_longitude(self, project: Project) -> float | str:
        return round(project.point.x, 6) if project.point else ""

    def dehydrate_cout_euros(self, project: Project) -> int | float | str:
        return euros_cell(project.cost_cents)

    def dehydrate_budget(self, project: Project) -> str:
        return project.envelope.budget.activity.title

    def dehydrate_enveloppe(self, project: Project) -> str:
        return project.envelope.name

    def dehydrate_etat(self, project: Any) -> str:
        return str(ProjectState(project.shown_state).label)

    # In

    def get_queryset(self) -> QuerySet[Project]:
        return Project.objects.filter(envelope=self.envelope)

    def get_instance(self, instance_loader: Any, row: dict[str, Any]) -> Project | None:
        number = _text(row, "numero")
        if not number:
            return None
        return self.get_queryset().filter(reference=number).first()

    def before_import_row(self, row: dict[str, Any], **kwargs: Any) -> None:
        number = _text(row, "numero")
        line = kwargs["row_number"] + 1  # the first line holds the names of the columns
        if number and number in self._seen:
            raise ValidationError(
                gettext("the number “%(number)s” is already on line %(line)s")
                % {"number": number, "line": self._seen[number]}
            )
        if number:
            self._seen[number] = line

    def import_instance(self, instance: Project, row: dict[str, Any], **kwargs: Any) -> None:
        """Every fault of the row at once, not the first alone."""
        faults: list[str] = []

        def read(reader: Any, *arguments: Any) -> Any:
            try:
                return reader(*arguments)
            except ValidationError as fault:
                faults.extend(fault.messages)
                return None

        title = read(_required, row, "titre", 250)
        cost = read(cents_of_cell, row.get("cout_euros", ""), "cout_euros")
        category = read(self._named, self._categories, row, "categorie")
        territory = read(self._named, self._territories, row, "quartier")
        point = read(_point, row)
        number = read(_short, row, "numero", 40)
        address = read(_short, row, "adresse", 250)
        if faults:
            raise ValidationError(faults)
        instance.reference = number
        instance._imported = ProjectData(  # type: ignore[attr-defined]  # until `save_instance`
            title=title,
            description=_text(row, "description"),
            cost_cents=cost,
            category=category,
            territory=territory,
            point=point,
            address=address,
            image_alt=instance.image_alt,
        )

    def validate_instance(
        self,
        instance: Project,
        import_validation_errors: dict[str, Any] | None = None,
        validate_unique: bool = True,
    ) -> None:
        """Stop at the faults of `import_instance`; the services judge the rest."""
        if import_validation_errors:
            raise ValidationError(import_validation_errors)

    def save_instance(
        self, instance: Project, is_create: bool, row: dict[str, Any], **kwargs: Any
    ) -> None:
        data = instance._imported  # type: ignore[attr-defined]  # set by `import_instance`
        try:
            if is_create:
                saved = create_project(
                    envelope=self.envelope,  # type: ignore[arg-type]  # an import has its envelope
                    data=data,
                    actor=self.actor,
                    at=self.at,  # type: ignore[arg-type]  # and its time
                    reference=instance.reference,
                )
            else:
                saved = edit_project(
                    project=instance,
                    data=data,
                    actor=self.actor,
                    at=self.at,  # type: ignore[arg-type]  # as above
                )
        except Refused as refused:
            raise ValidationError([str(reason) for reason in refused.verdict.refusals]) from None
        instance.pk, instance.reference = saved.pk, saved.reference
        instance.title, instance.cost_cents = saved.title, saved.cost_cents

    def _named(self, known: dict[str, Any], row: dict[str, Any], column: str) -> Any:
        name = _text(row, column)
        if not name:
            return None
        if name.casefold() not in known:
            raise ValidationError(
                gettext("“%(name)s” in “%(column)s” is not known in this budget")
                % {"name": name[:60], "column": column}
            )
        return known[name.casefold()]


def territories_by_name(envelope: Envelope) -> dict[str, Any]:
    """Neighbourhoods of the perimeter, by name without case."""
    perimeter = envelope.budget.activity.process.perimeter
    found = {} if perimeter is None else {perimeter.name.casefold(): perimeter}
    if perimeter is not None:
        for territory in perimeter.children.defer("geometry").order_by("pk"):
            found[territory.name.casefold()] = territory
    return found


def _text(row: dict[str, Any], column: str) -> str:
    value = row.get(column, "")
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # "12" typed in a spreadsheet
    return str(value if value is not None else "").strip()


def _required(row: dict[str, Any], column: str, longest: int) -> str:
    if not _text(row, column):
        raise ValidationError(gettext("the column “%(column)s” is empty") % {"column": column})
    return _short(row, column, longest)


def _short(row: dict[str, Any], column: str, longest: int) -> str:
    text = _text(row, column)
    if len(text) > longest:
        raise ValidationError(
            gettext("“%(column)s” has %(count)s characters, %(limit)s at most")
            % {"column": column, "count": len(text), "limit": longest}
        )
    return text


def _point(row: dict[str, Any]) -> Point | None:
    latitude, longitude = _text(row, "latitude"), _text(row, "longitude")
    if not latitude and not longitude:
        return None
    try:
        x, y = float(longitude.replace(",", ".")), float(latitude.replace(",", "."))
    except ValueError:
        raise ValidationError(
            gettext("the latitude and the longitude are two decimal numbers, or both empty")
        ) from None
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise ValidationError(gettext("the latitude or the longitude is not on Earth"))
    return Point(x, y, srid=4326)
