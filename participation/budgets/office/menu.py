"""The menu "Budget participatif", one entry per job, each shown to those who do it."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.base import ViewSetGroup

from participation.budgets import policies
from participation.budgets.office.boards import BudgetDesk
from participation.budgets.office.deliveries import DeliveryDesk
from participation.budgets.office.desks import PollingSection
from participation.budgets.office.ideas import IdeaDesk
from participation.budgets.office.paper import PaperSection
from participation.budgets.office.polls import PollDesk
from participation.budgets.office.projects import ProjectDesk
from participation.budgets.policies import paper as paper_policies
from participation.core.viewsets.shared import menu_item


class BudgetsGroup(ViewSetGroup):
    menu_label = _("Participatory budget")
    menu_icon = "clipboard-list"
    menu_name = "participatory-budgets"
    menu_order = 200
    items = (
        BudgetDesk(menu_item_class=menu_item(policies.may_enter_office)),
        IdeaDesk(menu_item_class=menu_item(policies.may_study)),
        ProjectDesk(menu_item_class=menu_item(policies.may_study)),
        PollDesk(menu_item_class=menu_item(policies.may_run_vote)),
        PollingSection(menu_item_class=menu_item(paper_policies.may_see_desks)),
        PaperSection(menu_item_class=menu_item(paper_policies.may_see_paper)),
        DeliveryDesk(menu_item_class=menu_item(policies.may_manage_delivery)),
    )


budgets_group = BudgetsGroup()
