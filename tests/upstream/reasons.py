"""Why a test of Keras's does not pass, where no name that is missing says so.

The patterns are of `file: Class.test`. `OUTSIDE` says what the test needs that the package does not
mean to have: it is counted outside. `FAILED` says why a test of something that is here fails. The
first pattern that fits counts. A pattern that is the first for no failing test fails a test itself;
so does a dotted name that the package has, or "refused by name" where the error has no such name.
"""

OUTSIDE = {
    "layers/core/*: *_int4": "int4",
    "layers/core/*: *.test_int4_*": "int4",
    "layers/core/dense: *float8*": "float8",
    "layers/core/dense: *gptq*": "GPTQ",
    "layers/core/dense: *awq*": "AWQ",
    "layers/core/dense: *quantize_invalid_mode*": "quantization of Dense",
    "layers/core/dense: *quantize*_int8": "quantization of Dense",
    "layers/core/dense: *lora*": "LoRA of Dense",
    "layers/core/*: *legacy_load_own_variables": "load_own_variables of a layer",
    "layers/core/embedding: *.test_enable_lora": ".keras files",
    "layers/core/embedding: *quantize_lora_integration_int8": ".keras files",
    "layers/core/embedding: *quantize_by_setting_dtype_policy_int8": "dtype policies",
    "layers/core/embedding: *quantize_dtype_argument_int8": "dtype policies",
    "layers/core/embedding: *quantize_int_int8": "dtype policies",
    "layers/core/embedding: *quantize_invalid_mode*": "dtype policies",
    "layers/layer: *.test_mixed_precision": "dtype policies",
    "layers/layer: *.test_autocast": "dtype policies",
    "layers/layer: *.test_autocast_with_np_array": "inputs brought to the layer's dtype",
    "layers/layer: *.test_dtype_policy_setter": "dtype policies",
    "layers/layer: *.test_gptq_quantization_by_setting_dtype": "dtype policies",
    "layers/layer: *.test_serialize_dtype": "bfloat16, which NumPy does not have",
    "losses/losses: *.test_dtype_arg": "bfloat16, which NumPy does not have",
    "layers/layer: *context_arg*": "call-context arguments",
    "layers/layer: *.test_rematerialized_call_none": "rematerialization",
    "layers/layer: *.test_not_implemented_error_*8_call": "quantization by a layer's subclass",
    "layers/layer: *.test_not_implemented_error_quantize*": "quantization by a layer's subclass",
    "layers/layer: *.test_compute_output_spec": "compute_output_spec",
    "layers/layer: *mask*_with_autocast": "masks that arrays carry",
    "layers/layer: *.test_masking": "masks that arrays carry",
    "layers/layer: *attention_mask_arg": "further arguments of `call`",
    "layers/layer: *.test_remove_weight": "tracking of attributes",
    "layers/layer: *add_weight_in_init_name": "tracking of attributes",
    "layers/layer: *track*": "tracking of attributes",
    "layers/layer: *.test_add_loss": "add_loss",
    "regularizers/regularizers: *.test_get_method": "regularizers.OrthogonalRegularizer",
    "optimizers/*: *test_ema*": "use_ema, refused by name",
    "optimizers/optimizer: *.test_static_loss_scaling": "loss_scale_factor, refused by name",
    "optimizers/optimizer: *.test_get_method": "optimizers.AdamW",
    "optimizers/optimizer: *('adafactor')": "optimizers.Adafactor",
    "optimizers/optimizer: *('adamw')": "optimizers.AdamW",
    "optimizers/optimizer: *('adadelta')": "optimizers.Adadelta",
    "optimizers/optimizer: *('adamax')": "optimizers.Adamax",
    "optimizers/optimizer: *('lion')": "optimizers.Lion",
    "optimizers/optimizer: *('nadam')": "optimizers.Nadam",
    "optimizers/optimizer: *('ftrl')": "optimizers.Ftrl",
    "optimizers/optimizer: *gradient_accumulation*": (
        "gradient_accumulation_steps, refused by name"
    ),
    "optimizers/optimizer: *.test_overwrite_with_gradient": "overwrite_with_gradient",
    "optimizers/optimizer_sparse: *correctness*": "IndexedSlices of more than two axes",
    "layers/preprocessing/text_vectorization: *callable": "standardize=function, refused by name",
    "layers/preprocessing/text_vectorization: *custom_splitting": "split=function, refused by name",
    "layers/preprocessing/text_vectorization: *_output": "output_mode, refused by name",
    "layers/preprocessing/text_vectorization: *pad_to_max*": "output_mode, refused by name",
    "layers/preprocessing/text_vectorization: *ngrams*": "ngrams, refused by name",
    "layers/preprocessing/text_vectorization: *no_split": "split=None, refused by name",
    "layers/preprocessing/text_vectorization: *from_dense": "split=None, refused by name",
    "layers/preprocessing/text_vectorization: *_steps": "adapt in steps",
    "layers/preprocessing/text_vectorization: *first_sequential_layer": "layers of strings",
}

FAILED = {
    "layers/core/embedding: *enable_lora_with_alpha": (
        "`embeddings` stays the frozen table; Keras's is the corrected one, made anew"
    ),
    "layers/core/embedding: *invalid_*_dim": (
        "passes but for `from_config`, which raises the ValueError of the constructor; Keras "
        "wraps it in a TypeError"
    ),
    "layers/core/embedding: *quantize_on_subclass_int8": (
        "a subclass may be quantized; Keras refuses it"
    ),
    "layers/core/dense: *without_activation_set": (
        "an activation set to `None` after the layer is made is not taken for `linear`"
    ),
    "layers/layer: *add_weight_defaults": "a weight of booleans is refused",
    "layers/layer: *add_weight_string*": (
        "`add_weight` takes the shape first; Keras also takes a name in its place"
    ),
    "layers/layer: *build_signature_errors": "`build` takes one shape; Keras matches several",
    "layers/layer: *not_implemented_error_compute_output_shape": (
        "by default a layer keeps the shape of its inputs; Keras refuses to say"
    ),
    "layers/layer: *trainable_init_arg_validation": "a TypeError, where Keras has a ValueError",
    "regularizers/regularizers: ValidateFloatArgTest*": (
        "what is no number gets a TypeError, where Keras has a ValueError"
    ),
    "optimizers/optimizer: *set_weights": (
        "`load_own_variables` does it: there is one way to read a state back"
    ),
    "optimizers/*: *.test_weight_decay": (
        "`exclude_from_weight_decay` is not here: weight decay is of all variables"
    ),
    "losses/loss: *get_method": (
        "a loss found by name is an object, which has a gradient; Keras's is a function"
    ),
    "losses/loss: *pickle": (
        "a loss found by name is an object, which has a gradient; Keras's is a function"
    ),
    "metrics/accuracy_metrics: *test_reshape_matches": (
        "labels of another shape than the predictions are refused; Keras lays them out anew"
    ),
    "layers/preprocessing/text_vectorization: *adapt_with_generator": (
        "`adapt` takes texts one by one; Keras also takes batches of them"
    ),
    "layers/preprocessing/text_vectorization: *vocabulary_from_file": (
        "a vocabulary is a list of words; Keras also reads it from a file"
    ),
}
