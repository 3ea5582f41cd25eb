#!/bin/sh
# A run as a Slurm array, a range of worlds a task: sbatch --array=0-15 array.sh CASE FOLDER [OPTIONS OF detente run]
# Then merge.sh, which makes of FOLDER the run that was never split. A task that is run again goes on where it was stopped.
#SBATCH --job-name=detente
#SBATCH --cpus-per-task=1
#SBATCH --requeue
set -eu
case=$1 folder=$2
shift 2
i=${SLURM_ARRAY_TASK_ID:?is set in a task of an array} size=${WORLDS_A_TASK:-1024}
mkdir -p "$folder"
exec detente run "$case" --worlds $((i * size))..$(((i + 1) * size)) --threads "${SLURM_CPUS_PER_TASK:-1}" "$@" -o "$folder/part-$i"
