"""Why something failed, in the language of whoever reads it: the words of the packages that work without Odoo."""

from contextlib import contextmanager

from odoo.tools.translate import get_translation

from ..mapping.wording import Words as MappingWords
from ..shopify_api import ShopifyError, Words


def spoken(env, words):
    """Words as text in the language of the environment; a text is in somebody's language already and stays.

    :param env: without a language, as that of a job without a user, it is English
    :param words: `Words` of one of the packages, or text
    """
    if not isinstance(words, Words | MappingWords):
        return words
    values = {
        name: spoken(env, value) if isinstance(value, Words | MappingWords) else value
        for name, value in words.values.items()
    }
    return get_translation("shopify_sync", env.lang or "en_US", words.template, values)


def speak(env, error):
    """Put the `message` of an error of `shopify_api` into the language of the environment, and return the error."""
    error.message = spoken(env, error.words)
    return error


@contextmanager
def speaking(env):
    """Errors of `shopify_api` that leave this block say why in the language of the environment."""
    try:
        yield
    except ShopifyError as error:
        speak(env, error)
        raise
