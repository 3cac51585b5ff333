"""A sentence that is shown instead of a picture is complete and in the middle."""

from __future__ import annotations

from textual.app import App, ComposeResult

from tui.widgets.picture_area import PictureArea


class _Shown(App[None]):
    def compose(self) -> ComposeResult:
        yield PictureArea(id="picture")


async def test_a_long_sentence_is_wrapped() -> None:
    sentence = "the picture cannot be shown: the file cannot be opened (No such file or directory)"
    app = _Shown()
    async with app.run_test(size=(40, 9)) as pilot:
        area = app.query_one(PictureArea)
        area.show(None, sentence)
        await pilot.pause()
        lines = [area.render_line(y).text.strip() for y in range(area.size.height)]
        assert " ".join(filter(None, lines)) == sentence
        assert not lines[0] and not lines[-1]
