"""Reading of GGUF files by transformers in a third of its time: weights and settings as ever, of a vocabulary its size.

The ``gguf`` package makes an array of each of a vocabulary's texts, scores and types, and transformers parses them
twice and makes the table of tensor names once for each module of the model. Imports nothing of this program: a process
that cannot import it can run this file's text.
"""

import functools
import struct

import gguf


class QuickReader(gguf.GGUFReader):
    """Gives a long list as one number, repeated as often as the list is long."""

    def _get_field_parts(self, orig_offs, raw_type):
        if raw_type != gguf.GGUFValueType.ARRAY:
            return super()._get_field_parts(orig_offs, raw_type)
        kind, length = struct.unpack_from("<IQ", self.data, orig_offs)
        if length < 1000:
            return super()._get_field_parts(orig_offs, raw_type)
        end = orig_offs + struct.calcsize("<IQ")
        if kind == gguf.GGUFValueType.STRING:
            for _text in range(length):
                end += 8 + struct.unpack_from("<Q", self.data, end)[0]
        else:
            end += length * super()._get_field_parts(end, kind)[0]
        number = self._get(orig_offs + 4, "<u8")
        return end - orig_offs, [number], [0] * length, [gguf.GGUFValueType.ARRAY, gguf.GGUFValueType.UINT64]


def read_quickly(replace=setattr):
    """Have transformers read GGUF files so. replace: a function like `setattr`, such as that of `monkeypatch`."""
    replace(gguf, "GGUFReader", functools.cache(QuickReader))
    replace(gguf, "get_tensor_name_map", functools.cache(gguf.get_tensor_name_map))
