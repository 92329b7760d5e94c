"""Forms of the back office: HTTP in, clean data out."""

from participation.budgets.office.forms.deliveries import AdvanceForm, PlanForm
from participation.budgets.office.forms.ideas import AnswerForm, AssignForm, DecisionForm, StudyForm
from participation.budgets.office.forms.projects import (
    ImportForm,
    MergeForm,
    NewProjectForm,
    ProjectForm,
    unsealed_envelopes,
)
from participation.budgets.office.forms.settings import CategoryForm, EnvelopeForm, RulesForm
from participation.budgets.office.forms.shared import ConfirmForm, ReasonForm, RefusalForm

__all__ = [
    "AdvanceForm",
    "AnswerForm",
    "AssignForm",
    "CategoryForm",
    "ConfirmForm",
    "DecisionForm",
    "EnvelopeForm",
    "ImportForm",
    "MergeForm",
    "NewProjectForm",
    "PlanForm",
    "ProjectForm",
    "ReasonForm",
    "RefusalForm",
    "RulesForm",
    "StudyForm",
    "unsealed_envelopes",
]
