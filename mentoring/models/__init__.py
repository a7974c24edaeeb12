from .enrollment import Enrollment
from .meeting import Meeting
from .pairing import Pairing
from .program import Program, ProgramAdmin

__all__ = ["Enrollment", "Meeting", "Pairing", "Program", "ProgramAdmin"]
