"""Forms of the back office of maps. They gather what a service needs; the service judges it."""

from participation.mapping.office.forms.categories import CategoryForm, QuestionForm
from participation.mapping.office.forms.follow_up import (
    AdoptForm,
    AnswerForm,
    AssignForm,
    MergeForm,
    MoveForm,
    ReclassifyForm,
    SplitForm,
)
from participation.mapping.office.forms.imports import ColumnsForm, ImportForm
from participation.mapping.office.forms.places import (
    LayersForm,
    PerimeterForm,
    ZoneForm,
    ZonesFileForm,
)
from participation.mapping.office.forms.settings import SettingsForm

__all__ = [
    "AdoptForm",
    "AnswerForm",
    "AssignForm",
    "CategoryForm",
    "ColumnsForm",
    "ImportForm",
    "LayersForm",
    "MergeForm",
    "MoveForm",
    "PerimeterForm",
    "QuestionForm",
    "ReclassifyForm",
    "SettingsForm",
    "SplitForm",
    "ZoneForm",
    "ZonesFileForm",
]
