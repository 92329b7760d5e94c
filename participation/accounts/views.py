"""Where allauth's own views need one more question asked."""

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse


class RemoveKey(RemoveWebAuthnView):
    """Removing a key asks, as removing an application does, whether a factor must remain."""

    def form_valid(self, form: Form) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            message = str(adapter.error_messages["cannot_delete_authenticator"])
            get_account_adapter(self.request).add_message(
                self.request, messages.ERROR, message=message
            )
            return HttpResponseRedirect(reverse("mfa_list_webauthn"))
        return super().form_valid(form)
