"""Forms of the spine: those of residents, and those of the back office."""

from participation.core.forms.discussion import CommentForm, ReportForm
from participation.core.forms.office import (
    AnswerForm,
    AssessmentForm,
    FactorRemovalForm,
    PhaseForm,
    ProcessForm,
    ReasonForm,
    RestrictionForm,
)
from participation.core.forms.pictures import PictureWordsField

__all__ = [
    "AnswerForm",
    "AssessmentForm",
    "CommentForm",
    "FactorRemovalForm",
    "PhaseForm",
    "PictureWordsField",
    "ProcessForm",
    "ReasonForm",
    "ReportForm",
    "RestrictionForm",
]
