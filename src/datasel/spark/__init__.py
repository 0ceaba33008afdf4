"""The commands on Spark: what a cluster does with the parts of a pool, and how partial results become one."""
