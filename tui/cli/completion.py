"""The command `completion`, which prints the script that completes recto's commands in a shell."""

from __future__ import annotations

import os
import re

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    get_completion_class,
    split_arg_string,
)

# A completion script sets this environment variable to ask recto for completions. Below it are the supported shells.
VARIABLE = "_RECTO_COMPLETE"
SHELLS = ("bash", "zsh", "fish")
# bash inserts a completion into the command line unchanged. Names of tags and collections may come from other people.
# So put a backslash before each character that may be special to a shell.
_SPECIAL, _ESCAPED = re.compile(r"[^\w@%+=:,./-]"), r"\\\g<0>"
# A value between quotation marks that contains no character that is special to a shell.
_QUOTED = re.compile(r'"[\w@%+=:,./ -]*"')
# The script for bash. It passes the whole line to recto, because bash splits words at colons and not only at blanks.
# After a completion that ends with a colon, such as "author:", bash must not add a blank.
_BASH = """\
%(complete_func)s() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        case "${line%%%%,*}" in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            *) COMPREPLY+=("${line#*,}"); [[ "$line" == *: ]] && compopt -o nospace ;;
        esac
    done < <(env COMP_LINE="$COMP_LINE" COMP_POINT="$COMP_POINT" %(complete_var)s=bash_complete "$1")
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def completion(shell: str) -> None:
    """Print the script that completes recto's commands in SHELL.

    For bash add to ~/.bashrc: eval "$(recto completion bash)". For zsh add to ~/.zshrc: eval "$(recto completion zsh)".
    For fish: recto completion fish >~/.config/fish/completions/recto.fish
    """
    chosen = get_completion_class(shell)
    assert chosen is not None
    click.echo(chosen(click.Command("recto"), {}, "recto", VARIABLE).source())


class _Bash(BashComplete):
    """Completion for bash. Unlike click's class, it takes the words from the whole command line (see _BASH)."""

    name = "bash"
    source_template = _BASH

    def get_completion_args(self) -> tuple[list[str], str]:
        line = os.environ["COMP_LINE"].encode()[: int(os.environ["COMP_POINT"])].decode(errors="ignore")
        words = split_arg_string(line)[1:]
        incomplete = "" if line[-1:].isspace() or not words else words.pop()
        return words, incomplete

    def format_completion(self, item: CompletionItem) -> str:
        # bash replaces only the text after the last colon, so print only that part of the completion.
        _, incomplete = self.get_completion_args()
        before = incomplete.rpartition(":")[0]
        value = str(item.value)
        rest = value[len(before) + 1 :] if before and value.startswith(before) else value
        if _QUOTED.fullmatch(rest):
            return f"{item.type},{rest}"
        # The user has typed these signs of a query, perhaps between quotation marks. Print them without a backslash.
        signs = "" if before else incomplete[: len(incomplete) - len(incomplete.lstrip("-("))]
        return f"{item.type},{signs}{_SPECIAL.sub(_ESCAPED, rest.removeprefix(signs))}"


add_completion_class(_Bash)


COMMANDS = (completion,)
