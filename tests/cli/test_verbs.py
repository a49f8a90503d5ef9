import sys

import click

from wharf.cli.verbs import Verb, Verbs

GROUP = Verbs(
    "group", {"gc": Verb("wharf.cli.server.admin_gc", "Collect."), "lost": Verb("no.such.module", "Lost.")}, "About."
)


def test_a_command_is_found_in_its_module_under_its_own_name() -> None:
    command = GROUP.get_command(click.Context(GROUP), "gc")
    assert command is sys.modules["wharf.cli.server.admin_gc"].gc


def test_a_word_that_is_no_verb_is_no_command() -> None:
    assert GROUP.get_command(click.Context(GROUP), "os") is None


def test_help_lists_the_verbs_without_importing_them() -> None:
    shown = GROUP.get_help(click.Context(GROUP))
    assert "gc    Collect." in shown
    assert "lost  Lost." in shown


def test_help_groups_verbs_by_what_they_are_about() -> None:
    verbs = {
        "gc": Verb("x", "Collect.", "Care"),
        "tag": Verb("y", "Name.", "Images"),
        "fsck": Verb("z", "Look.", "Care"),
    }
    shown = Verbs("group", verbs, "About.").get_help(click.Context(click.Command("group")))
    assert shown.index("Care:") < shown.index("gc    Collect.") < shown.index("fsck  Look.") < shown.index("Images:")
