"""The page where a contribution is followed up, and what is done there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from maps.forms import Drawing
from maps.geojson import Feature
from participation.core import policies as core_policies
from participation.core.viewsets.follow_up import Answering, Assigning, ContributionScreen
from participation.mapping import policies, presentation
from participation.mapping.models import MapContribution
from participation.mapping.office.contribution_list import ContributionListing, state_label
from participation.mapping.office.exports import ContributionExport
from participation.mapping.office.forms import (
    AdoptForm,
    AnswerForm,
    AssignForm,
    MoveForm,
    ReclassifyForm,
    SplitForm,
)
from participation.mapping.office.lookups import contribution_or_404
from participation.mapping.office.merging import Merge
from participation.mapping.office.shared import Desk
from participation.mapping.queries import nearby
from participation.mapping.queries.office import (
    joined_to,
    traces,
)
from participation.mapping.services.follow_up import (
    adopt,
    answer,
    assign,
    move_geometry,
    reclassify,
    split,
)

AROUND_METRES = 200


class Read(ContributionScreen):
    """One contribution in full, and every button that its state allows."""

    row: MapContribution
    policy = staticmethod(policies.may_follow_up)
    template_name = "mapping_admin/contribution.html"
    read_name = "map_contribution:read"
    find = staticmethod(contribution_or_404)
    assign_form_class = AssignForm
    answer_form_class = AnswerForm

    def trail(self) -> list[tuple[str, str]]:
        return [
            (reverse("participatory_map:board", args=[self.row.map_id]), str(self.row.map)),
            (
                f"{reverse('map_contribution:index')}?map={self.row.map_id}",
                gettext("Contributions"),
            ),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.row
        around = self.around()
        alone = row.merged_into_id is None
        may_answer = bool(core_policies.may_answer(user=self.request.user))
        kwargs.setdefault("may_answer", self.published and alone and may_answer)
        kwargs.setdefault("reclassify_form", self.reclassify_form())
        kwargs.setdefault("move_form", self.move_form())
        kwargs.setdefault("adopt_form", self.adopt_form())
        kwargs.setdefault("split_form", SplitForm(auto_id="id_split_%s"))
        return super().get_context_data(
            map=row.map,
            perimeter=row.map.activity.process.perimeter,
            features=[_feature(row, main=True), *(_feature(each) for each in around)]
            if row.geometry
            else [],
            bounds=presentation.frame_of(row),
            around=around,
            joined=joined_to(contribution=row),
            replies=list(
                row.question_answers.select_related("question", "photo").order_by(
                    "question__position", "question"
                )
            ),
            traces=traces(contribution=row),
            directorates=list(row.directorates.order_by("name")),
            state=state_label(row),
            alone=alone,
            may_move=self.may_move(),
            public_url=reverse("mapping:contribution", args=[row.map.activity.slug, row.pk]),
            **kwargs,
        )

    def around(self) -> list[MapContribution]:
        """Of the same category, close to it: likely to say the same."""
        row = self.row
        if row.geometry is None:
            return []
        found = nearby(
            map=row.map,
            category=row.category,
            geometry=row.geometry,
            metres=AROUND_METRES,
            limit=11,
        )
        return [each for each in found if each.pk != row.pk][:10]

    def may_move(self) -> bool:
        """An area with a hole can't be edited point by point."""
        geometry: Any = self.row.geometry
        return not (geometry and geometry.geom_type == "Polygon" and len(geometry) > 1)

    def directorates(self) -> list[int]:
        return [each.pk for each in self.row.directorates.all()]

    def reclassify_form(self, data: Any = None) -> ReclassifyForm:
        return ReclassifyForm(
            data,
            maps=[self.row.map],
            initial={"category": self.row.category_id},
            auto_id="id_reclassify_%s",
        )

    def move_form(self, data: Any = None) -> MoveForm:
        geometry = self.row.geometry if self.may_move() else None
        return MoveForm(
            data,
            contribution=self.row,
            initial={"drawing": Drawing(geometry=geometry)},
            auto_id="id_move_%s",
        )

    def adopt_form(self, data: Any = None) -> AdoptForm:
        return AdoptForm(data, user=self.request.user, at=timezone.now(), auto_id="id_adopt_%s")


def _feature(row: MapContribution, *, main: bool = False) -> Feature:
    """As the map shows it: its drawing, or for neighbours a point."""
    spine = row.contribution
    return Feature(
        row.pk,
        row.geometry if main else spine.point,
        {
            "title": spine.title,
            "url": reverse("map_contribution:read", args=[row.pk]),
            "category": row.category.name,
            "icon": row.category.icon,
            "tone": row.category.tone,
        },
    )


class _Act(Read):
    http_method_names = ["post"]


class Assign(Assigning, Read):
    def assign(self, directorates: Any) -> None:
        assign(
            contribution=self.row,
            directorates=directorates,
            actor=self.request.user,
            at=timezone.now(),
        )


class Reclassify(_Act):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.reclassify_form(request.POST)
        return self.attempt(
            lambda: reclassify(
                contribution=self.row, actor=request.user, at=timezone.now(), **form.cleaned_data
            ),
            form=form,
            name="reclassify_form",
            done=gettext("The category is changed; the author is told."),
            to=self.here,
        )


class Move(_Act):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.move_form(request.POST)
        return self.attempt(
            lambda: move_geometry(
                contribution=self.row,
                geometry=form.cleaned_data["drawing"].geometry,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            name="move_form",
            done=gettext("The drawing is changed; the author is told."),
            to=self.here,
        )


class Answer(Answering, Read):
    def answer(self, given: dict[str, Any]) -> None:
        answer(contribution=self.row, actor=self.request.user, at=timezone.now(), **given)


class Adopt(_Act):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.adopt_form(request.POST)

        def act() -> None:
            destination, place = form.destination()
            adopt(
                contribution=self.row,
                destination=destination,
                place=place,
                actor=request.user,
                at=timezone.now(),
            )

        return self.attempt(
            act,
            form=form,
            name="adopt_form",
            done=gettext("It is made. The history of the contribution leads to it."),
            to=self.here,
        )


class Split(_Act):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = SplitForm(request.POST, auto_id="id_split_%s")
        return self.attempt(
            lambda: split(
                contribution=self.row,
                note=form.cleaned_data["note"],
                actor=request.user,
                at=timezone.now(),
            ),
            form=form,
            name="split_form",
            done=gettext("It stands by itself again; its author is told."),
            to=self.here,
        )


class ContributionDesk(Desk):
    name = "map_contribution"
    url_prefix = "cartes/contributions"
    model = MapContribution
    icon = "pick"
    menu_label = _("Contributions")
    listing = ContributionListing

    def screens(self) -> list[tuple[str, Any, str]]:
        return [
            ("export/", ContributionExport, "export"),
            ("doublons/", Merge, "merge"),
            ("<int:pk>/", Read, "read"),
            ("<int:pk>/directions/", Assign, "assign"),
            ("<int:pk>/categorie/", Reclassify, "reclassify"),
            ("<int:pk>/trace/", Move, "move"),
            ("<int:pk>/reponse/", Answer, "answer"),
            ("<int:pk>/suite/", Adopt, "adopt"),
            ("<int:pk>/separer/", Split, "split"),
        ]
