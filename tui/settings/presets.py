"""The presets of keys: other keys for users of vim, of emacs, and of the arrow keys.

Each preset maps ids of actions to their keys, as a keymap does. An action that is not in the preset has its default
keys.
"""

from __future__ import annotations

from collections.abc import Mapping

from tui.settings.settings_table import PRESET_NAMES

_VIM = {
    "page_down": "ctrl+f,pagedown,space",
    "page_up": "ctrl+b,pageup",
    "top": "g g,home",
    "next_pane": "tab,ctrl+w w,ctrl+w l",
    "previous_pane": "shift+tab,ctrl+w h",
    "preview_down": "ctrl+e,full_stop",
    "preview_up": "ctrl+y,comma",
    "narrower": "ctrl+w less_than_sign,less_than_sign",
    "wider": "ctrl+w greater_than_sign,greater_than_sign",
    "full_text": "g f",
    "hide": "d d,x",
    "done": "d n",
    "select": "v,V",
    "cite": "y y",
    "copy_as": "y c,C",
    "quit": "q,Z Z,ctrl+c",
    "triage_hide": "d d,x",
    "triage_scroll": "j,down,space,ctrl+f",
    "triage_scroll_back": "k,up,ctrl+b",
    "triage_leave": "escape,q,Z Z",
    "text_leave": "escape,q,Z Z",
}
_EMACS = {
    "down": "ctrl+n,down",
    "up": "ctrl+p,up",
    "page_down": "ctrl+v,pagedown,space",
    "page_up": "alt+v,pageup",
    "top": "alt+less_than_sign,home",
    "bottom": "alt+greater_than_sign,end",
    "next_pane": "ctrl+x o,tab",
    "filter": "ctrl+s,slash",
    "hide": "ctrl+k,x",
    # A terminal sends the same byte for ctrl+space and ctrl+@, so list both names.
    "select": "ctrl+@,ctrl+space,v",
    # A terminal sends the same byte for ctrl+/ and ctrl+_, so list both names.
    "undo": "ctrl+underscore,ctrl+slash,ctrl+x u,u",
    "redo": "alt+underscore,ctrl+r",
    "back": "ctrl+g,escape",
    "cite": "alt+w,y",
    "export": "ctrl+x ctrl+s,e",
    "import_file": "ctrl+x ctrl+f,i",
    "help": "f1,question_mark",
    "palette": "alt+x",
    "quit": "ctrl+x ctrl+c,q,ctrl+c",
    "triage_hide": "ctrl+k,x",
    "triage_undo": "ctrl+underscore,ctrl+slash,ctrl+x u,u,left",
    "triage_scroll": "ctrl+v,ctrl+n,space,down",
    "triage_scroll_back": "alt+v,ctrl+p,up",
    "triage_leave": "ctrl+g,escape,q",
    "text_leave": "ctrl+g,escape,q",
}
_ARROWS = {
    "down": "down",
    "up": "up",
    "half_down": "ctrl+down",
    "half_up": "ctrl+up",
    "top": "home",
    "bottom": "end",
    "next_pane": "tab,f6",
    "previous_pane": "shift+tab,shift+f6",
    "narrower": "ctrl+left",
    "wider": "ctrl+right",
    "filter": "ctrl+f,f3,slash",
    "later": "alt+down,J",
    "sooner": "alt+up,K",
    "hide": "delete,x",
    "select": "insert,v",
    "suspend": "alt+z",
    "undo": "ctrl+z,u",
    "redo": "ctrl+y",
    "open_page": "f4,o",
    "export": "ctrl+s,e",
    "import_file": "ctrl+o,i",
    "fetch": "f5,F",
    "help": "f1,question_mark",
    "palette": "f2,ctrl+p",
    "quit": "ctrl+q,q,ctrl+c",
    "triage_skip": "right,s",
    "triage_hide": "delete,x",
    "triage_undo": "left,ctrl+z,u",
    "triage_scroll": "down,pagedown,space",
    "triage_scroll_back": "up,pageup",
}
PRESETS: Mapping[str, Mapping[str, str]] = dict(zip(PRESET_NAMES, (_VIM, _EMACS, _ARROWS), strict=True))
