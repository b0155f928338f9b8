"""Publish a built release, hold it as a candidate, accept or reject that, and update what follows the pointer.

Builds the files of a release, workbook and feed among them. Computes no table and no verdict.
"""
