from .enrollment import Enrollment
from .meeting import Meeting
from .pairing import Pairing
from .program import Program, ProgramAdmin
from .retention import Retention

__all__ = ["Enrollment", "Meeting", "Pairing", "Program", "ProgramAdmin", "Retention"]
