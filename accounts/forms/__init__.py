from .profile import ProfileForm
from .settings import SettingsForm
from .sign_in import SignupForm

__all__ = ["ProfileForm", "SettingsForm", "SignupForm"]
