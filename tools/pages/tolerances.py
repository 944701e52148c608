"""The tolerances of public test suites of loss kernels, as their own sources have them."""

import typing


class Suite(typing.NamedTuple):
    """One tolerance of a suite. What it says of f16 and bf16 is applied to f32 here."""

    name: str
    asks: str  # what is compared so
    losses: list  # those of ours that it is about
    gradient: bool  # whether gradients are compared
    dtype: str  # there
    rtol: float
    atol: float
    operand: str  # what rtol is a part of
    repository: str
    file: str
    commit: str
    line: int

    def link(self):
        return f"https://github.com/{self.repository}/blob/{self.commit}/{self.file}#L{self.line}"


# As `assay tolerance --like` has them, with their sources.
LIBRARIES = ["torch", "numpy", "jax", "keras", "tensorflow", "mlx"]

CROSS_ENTROPY = ["sparse_categorical_cross_entropy_with_logits"]
LEVEL_1 = [*CROSS_ENTROPY, "mse", "huber", "kl_divergence", "triplet_margin", "hinge"]

LIGER = (
    "linkedin/Liger-Kernel",
    "test/transformers/test_fused_linear_cross_entropy.py",
    "ead96b618e5c67bddc6a6e9bcb99bfe6b5ab661c",
)
PRINCETON = (
    "gpu-mode/reference-kernels",
    "problems/princeton/cross_entropy_py/reference.py",
    "f83cb92a534cc67fa98d7e9813e7f8238abdb4e0",
)
BENCH = ("ScalingIntelligence/KernelBench", "src/kernelbench/eval.py", "423217d9fda91e0c2d67e4a43bf62f96f6d104f1")
FLASH = (
    "Dao-AILab/flash-attention",
    "tests/losses/test_cross_entropy.py",
    "0251105a2fb19d2957484b7f023cd8c115286ced",
)

SUITES = [
    Suite("Liger-Kernel", "fused linear cross-entropy, sum", CROSS_ENTROPY, True, "bf16", 50, 5, "answer", *LIGER, 120),
    Suite("Liger-Kernel", "the same, mean", CROSS_ENTROPY, True, "bf16", 5e-2, 5e-3, "answer", *LIGER, 118),
    Suite("Liger-Kernel", "the same, sum", CROSS_ENTROPY, True, "f32", 5e-2, 1e-3, "answer", *LIGER, 121),
    Suite("Liger-Kernel", "the same, mean", CROSS_ENTROPY, True, "f32", 5e-4, 1e-5, "answer", *LIGER, 119),
    Suite("reference-kernels", "cross-entropy", CROSS_ENTROPY, True, "bf16", 1e-2, 1e-3, "expected", *PRINCETON, 7),
    Suite("KernelBench", "six losses, values", LEVEL_1, False, "f16, bf16", 1e-2, 1e-2, "answer", *BENCH, 98),
    Suite("KernelBench", "the same", LEVEL_1, False, "f32", 1e-4, 1e-4, "answer", *BENCH, 95),
    Suite("FlashAttention", "cross-entropy, gradient", CROSS_ENTROPY, True, "f16, bf16", 1e-3, 1e-4, "expected", *FLASH, 41),
    Suite("FlashAttention", "the same, else", CROSS_ENTROPY, True, "all", 1e-5, 1e-6, "expected", *FLASH, 78),
]
