"""Why a mail was not accepted."""


class DeliveryFailure(Exception):
    """A mail that was not accepted. The reason has no personal data: it is published and logged."""


class PermanentFailure(DeliveryFailure):
    """Nobody will ever take this mail: it has failed."""


class TransientFailure(DeliveryFailure):
    """This mail may be accepted later."""


class SenderRefused(TransientFailure):
    """The server does not take this mail from us: a fault of the settings more often than of the mail."""


class ServerUnavailable(DeliveryFailure):
    """The server cannot be reached, does not let us in, or accepts nothing from us, whatever the mail."""
