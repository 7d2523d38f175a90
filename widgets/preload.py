"""Components that pages show up to their first control, for the fork server from which their kernels come."""

# No component that brings numpy: its libraries start threads, and a process with threads must not be forked.
import widgets.core.app_header
import widgets.core.step_card
import widgets.course.glossary
import widgets.course.questionnaire
import widgets.explore.model_picker.model_picker
import widgets.prepare.file_picker.file_picker
import widgets.train.data_and_model  # noqa: F401
