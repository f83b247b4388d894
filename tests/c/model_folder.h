/* A small model for the C tests of saved models, and the removal of its folder. */
#ifndef MODEL_FOLDER_H
#define MODEL_FOLDER_H

#include "sae_kernels.h"

#include <stdio.h>

#define SAVED "target/tests/saved-model"
#define OF_THE_REFERENCE "tests/golden/model/full"

/* Two features in three dimensions; a parent and its child, whose correlations have rank 1. */
#define MODEL_CONFIG \
    "{\"num_features\": 2, \"hidden_dim\": 3, \"firing_probability\": {\"generator_name\": \"linear\"}, " \
    "\"std_firing_magnitudes\": 0.25, \"mean_firing_magnitudes\": {\"generator_name\": \"linear\", " \
    "\"start\": 1, \"end\": 3}, \"bias\": true, \"seed\": 5}"

static inline void remove_saved(void) {
    remove(SAVED "/synthetic_model_config.json");
    remove(SAVED "/synthetic_model.safetensors");
    remove(SAVED "/hierarchy.json");
    remove(SAVED);
}

/* Whether this library reads and writes files. */
static inline int has_files(void) {
    return saek_model_close(NULL) == SAEK_STATUS_OK;
}

#endif
