"""Notice that an exam began or ended on this page, for the components that rest on its result."""

from __future__ import annotations

from traitlets import HasTraits, Int

from widgets.core.page_context import PageContext


class ExamChanges(HasTraits):
    """The page's one notice; see `PageContext.shared`. count: exams that began or ended since it was opened."""

    count = Int(0)

    def __init__(self, _context: PageContext) -> None:
        super().__init__()

    @classmethod
    def of(cls, context: PageContext) -> ExamChanges:
        """Return the one notice of a page."""
        return context.shared(cls, cls)
