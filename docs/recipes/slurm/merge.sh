#!/bin/sh
# What the tasks of array.sh made, as one run: sbatch --dependency=afterok:JOB merge.sh FOLDER
#SBATCH --job-name=detente-merge
set -eu
exec detente merge "$1"/part-* -o "$1/whole"
