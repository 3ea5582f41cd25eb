"""Takes out of notebooks what running them has put in: python notebooks/strip.py [NOTEBOOK…]"""

import json
import sys
from pathlib import Path

for path in map(Path, sys.argv[1:] or sorted(map(str, Path(__file__).parent.glob("*.ipynb")))):
    book = json.loads(path.read_bytes())
    book["metadata"] = {key: value for key, value in book["metadata"].items() if key == "kernelspec"}
    book["metadata"]["language_info"] = {"name": "python"}
    for cell in book["cells"]:
        cell["metadata"] = {}
        if cell["cell_type"] == "code":
            cell["execution_count"], cell["outputs"] = None, []
    path.write_text(json.dumps(book, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
