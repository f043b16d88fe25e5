"""Every exception. `UserError` and what derives from it is shown as its message, without a traceback."""


class FirsthandError(Exception):
    """Base of all errors raised by Firsthand."""


class UserError(FirsthandError):
    """Something the user can put right: the message names the fault and the next step."""


class Busy(FirsthandError):
    """What was asked is still being worked out: ask again in a moment."""


class HomeError(UserError):
    """A home that is missing, already there, or whose settings are wrong."""


class NobodyFound(UserError):
    """What leads to no customer, or to several: an id, or an identifier."""


class MappingError(UserError):
    """A mapping file that does not say what it must; names file and key."""


class MapError(UserError):
    """An experience map that does not say what it must; names file and line."""


class MapChanged(MapError):
    """The experience map was changed by somebody else meanwhile: look at it, then say it again."""


class SignalError(UserError):
    """A signal of the home's own, or of another package, that is not what it must be, or fails; names the file."""


class SourceError(UserError):
    """A file or folder that cannot be read as the format it was said to be."""


class LakeError(UserError):
    """The lake could not be read or written: a full disk, a store that does not answer."""


class Overtaken(LakeError):
    """Somebody else wrote a table at the same time, and was faster: do the same again."""


class FileGone(LakeError):
    """A file that a version of a table names is not there any more; the newest version may be."""


class EngineError(UserError):
    """An engine that is not known or not there, or that could not answer."""


class VoiceError(UserError):
    """A model for reading what customers say that is not installed, or not the one that was measured."""


class EncoderError(VoiceError):
    """An encoder that is not known, not installed, not what it must be, or that does not answer."""


class TopicError(UserError):
    """A list of topics that does not say what it must; names file and line."""


class ModelFileError(UserError):
    """A file of a model that cannot be used: missing, damaged, of another kind, or made for another encoder."""
