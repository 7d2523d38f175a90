"""Private and undocumented names of libraries that this program uses, each with its reason: the only list of them.

A test compares it with the code and with the installed versions; ``pyproject.toml`` bounds these versions above. Hooks
that a library's documentation tells to define (`_esm` of anywidget, `_compute` of evaluate) are not private names.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PrivateApi:
    """Names of one class or module.

    module: where it is imported from. owner: the class, "" for the module itself. names: without an underscore, they
    are undocumented. reason: why no public name does.
    """

    module: str
    owner: str
    names: tuple[str, ...]
    reason: str


PRIVATE_APIS = (
    PrivateApi(
        "transformers",
        "Trainer",
        ("_get_train_sampler",),
        "the order of each epoch; `get_train_dataloader` would have to be copied whole",
    ),
    PrivateApi(
        "transformers",
        "Trainer",
        ("_load_from_checkpoint",),
        "reads the adapter alone; the Trainer would load it through PEFT by another path",
    ),
    PrivateApi(
        "transformers",
        "Trainer",
        ("_save_checkpoint",),
        "the seal comes after the last file and before any callback is called",
    ),
    PrivateApi(
        "transformers",
        "TrainingArguments",
        ("_n_gpu",),
        "`n_gpu` cannot be set; several GPUs are several processes here, not DataParallel",
    ),
    PrivateApi(
        "torch",
        "ops.onednn",
        ("qlinear_prepack", "qlinear_pointwise"),
        "products of bytes by bytes with packed weights; `torch.ao`'s public layers want the deprecated quantized "
        "tensors. Without them the model's own weights are used",
    ),
    PrivateApi(
        "openpyxl.reader.excel",
        "ExcelReader",
        (
            "archive",
            "package",
            "parser",
            "read_manifest",
            "read_strings",
            "read_workbook",
            "shared_strings",
            "valid_files",
            "wb",
        ),
        "a workbook without pictures and links, shared strings within limits; `load_workbook` parses whole parts, "
        "however much they unpack to",
    ),
    PrivateApi(
        "openpyxl.styles.stylesheet",
        "",
        ("apply_stylesheet",),
        "which numbers are dates",
    ),
    PrivateApi(
        "openpyxl.workbook.workbook",
        "Workbook",
        ("_cell_styles", "_date_formats", "_number_formats", "_timedelta_formats"),
        "which numbers are dates, and how they are shown",
    ),
    PrivateApi(
        "openpyxl.worksheet._reader",
        "",
        ("ROW_TAG", "WorkSheetParser"),
        "the values of one row's cells; the public reader of rows reads the whole sheet through one tree",
    ),
    PrivateApi(
        "openpyxl.worksheet._reader",
        "WorkSheetParser",
        ("col_counter", "data_only", "parse_cell"),
        "a cell with its saved result, its number format, and the formula where there is no result",
    ),
    PrivateApi(
        "pypdf.generic._font",
        "",
        ("Font",),
        "the public extraction of text gives no place of single letters, and this class is what it reads fonts with",
    ),
    PrivateApi(
        "pypdf.generic._font",
        "Font",
        ("character_map", "character_widths", "encoding", "from_font_resource"),
        "the letters and widths of a font by code",
    ),
    PrivateApi(
        "huggingface_hub.file_download",
        "",
        ("http_get",),
        "a download that resumes in another process and reports bytes; `hf_hub_download` does neither",
    ),
    PrivateApi(
        "ipykernel.iostream",
        "IOPubThread",
        ("_handle_pipe_msg", "_pipe_in", "_pipe_uuid", "_setup_pipe_in", "_setup_pipe_out"),
        "what forked children print comes over a Unix socket; ipykernel has it on loopback TCP, without an option",
    ),
    PrivateApi(
        "ipykernel.kernelapp",
        "IPKernelApp",
        ("_bind_socket", "init_iopub"),
        "the same: the thread that publishes is made in the middle of `init_iopub`",
    ),
    PrivateApi(
        "jupyter_client.multikernelmanager",
        "MultiKernelManager",
        ("_async_start_kernel", "pre_start_kernel", "remove_kernel"),
        "Unix sockets for a kernel, and which kernels belong to a page; `start_kernel` is an alias of the private name",
    ),
    PrivateApi(
        "jupyter_server.services.kernels.kernelmanager",
        "MappingKernelManager",
        ("_kernel_connections", "cull_kernel_if_idle", "initialize_culler"),
        "culling by time without a page; the public setting counts a kernel's idle time",
    ),
    PrivateApi(
        "ipyfilechooser",
        "FileChooser",
        (),
        "works around its faults (hidden folders, names with markup, no keyboard); pinned to one version",
    ),
)
