from .profile import ProfileForm
from .settings import SettingsForm
from .sign_in import ConfirmReauthenticationCodeForm, SignupForm

__all__ = ["ConfirmReauthenticationCodeForm", "ProfileForm", "SettingsForm", "SignupForm"]
