#!/usr/bin/env python3
"""Prints count, mean and range of each column of numbers of a CSV file."""
import sys

import pandas as pd

table = pd.read_csv(sys.argv[1])
print(table.describe().loc[["count", "mean", "min", "max"]].to_string())
