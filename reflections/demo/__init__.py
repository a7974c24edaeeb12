"""The demo program: invented people in five harbor cities, and what they might have written.

`reflections.demo.build` makes it, of any size; `manage.py seed_demo` and the benchmarks call that.
"""
