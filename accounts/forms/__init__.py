from .settings import SettingsForm
from .sign_in import SignupForm

__all__ = ["SettingsForm", "SignupForm"]
