"""The whole way from labelled files to a served model, on a network small enough to train in seconds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import numpy as np
import pytest

pytest.importorskip("keras", reason="the extra `train` is not installed")

from nlp.features import Span, encode
from nlp.model_bundle import INPUTS
from nlp.places.marks import PlaceMarks
from nlp.tagger import Tagger
from nlp.training.base import load_base
from nlp.training.encoder import Reader, start_from
from nlp.training.examples import AYLLU, Example
from nlp.training.export import to_litert
from nlp.training.mixture import read_mixture
from nlp.training.predictions import learn_transitions, predict
from nlp.training.rows import RowError
from nlp.training.scores import Guess, standard_slot_f1
from nlp.training.settings import ConfigError, Settings, read_settings
from nlp.training.shrinking import shrink
from nlp.training.train import WEIGHTS, build, save_weights, train

HAND = """find_childcare\tbusco [cuna](care_type) en [comas](location)
find_childcare\tbusco [cunas](care_type) en [cuna](location)
inform\ten [comas](location)
greet\tbusco busco
"""
COMAS = PlaceMarks({"comas"})
DEV = "find_childcare\tbusco [cuna](care_type)\ninform\t[comas](location)\n"


def settings_for(folder: Path, base: Path, hand: str, reader: str = "ayllu") -> Settings:
    (folder / "hand").mkdir()
    (folder / "dev").mkdir()
    (folder / "hand" / "a.txt").write_text(hand)
    (folder / "dev" / "a.txt").write_text(DEV if reader == "ayllu" else hand)
    text = (Path(__file__).parents[3] / "nlp/training/first.toml").read_text()
    lines = {
        "name": f'"{base}"', "reader": f'"{reader}"', "train": f'["{folder}/hand"]', "dev": f'["{folder}/dev"]',
        "test": f'["{folder}/dev"]', "barred": f'["{folder}/dev"]', "grammar_rows": "20", "epochs": "2", "batch": "8",
        "bundle": f'"{folder}/bundle"', "report": f'"{folder}/report"',
    }  # fmt: skip
    replaced = [
        f"{key} = {lines[key]}" if (key := line.split(" = ")[0]) in lines else line
        for line in text.splitlines()
    ]
    (folder / "config.toml").write_text("\n".join(replaced))
    return read_settings(folder / "config.toml")


def test_training_writes_a_bundle_that_reads_messages(tiny_bert: Path, tmp_path: Path) -> None:
    scores = train(settings_for(tmp_path, tiny_bert, HAND))
    tagger = Tagger.load(tmp_path / "bundle")
    assert scores.count == 2
    assert set(tagger.read("busco cuna en comas").chances) == set(AYLLU.intents)
    assert tagger.metadata.data_hash
    report = (tmp_path / "report" / "report.md").read_text()
    assert "## Errors" in report
    assert "never seen: 2 messages" in report


def test_the_trainer_takes_another_label_set(tiny_bert: Path, tmp_path: Path) -> None:
    rows = "alarm/set\t6:10:place\tbusco cuna\nalarm/show\t\ten comas\n"
    train(settings_for(tmp_path, tiny_bert, rows, reader="schuster"))
    tagger = Tagger.load_for(tmp_path / "bundle", ("alarm/set", "alarm/show"), ("place",))
    assert set(tagger.read("busco cuna").chances) == {"alarm/set", "alarm/show"}


def test_a_wrong_row_is_refused_with_file_line_and_reason(tiny_bert: Path, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, tiny_bert, HAND + "find_chilcare\tbusco\n")
    with pytest.raises(RowError, match=r"a\.txt:5: unknown intent 'find_chilcare'"):
        train(settings)


def test_a_wrong_configuration_is_refused_by_field(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text('[base]\nname = "x"\nlayer = 2\n')
    with pytest.raises(
        ConfigError,
        match=r"\[base\] lacks \['go_on_from', 'keep_feed_forward', 'keep_layers', 'layers'\].*\['layer'\]",
    ):
        read_settings(path)


def test_the_served_model_says_what_the_trained_one_says(tiny_bert: Path, tmp_path: Path) -> None:
    from ai_edge_litert.interpreter import Interpreter

    base = load_base(str(tiny_bert), places=COMAS)
    reader = Reader(base.sizes, len(AYLLU.intents), 1 + 2 * len(AYLLU.slots))
    start_from(reader, base)
    named = reader.embeddings.mark
    named.set_weights([np.random.default_rng(1).normal(size=w.shape) for w in named.get_weights()])
    texts = ["busco cuna en comas", "comas", "busco busco busco cunas"]
    examples = [Example(text, "inform", (Span("time", 0, 1),)) for text in texts]
    transitions = learn_transitions(base.tokenizer, AYLLU, examples, 0.1)
    _, trained = predict(reader, base, AYLLU, examples, transitions)
    for quantised, tolerance in ((False, 1e-3), (True, 0.35)):
        interpreter = Interpreter(model_content=to_litert(reader, quantised))
        for text, wanted in zip(texts, trained, strict=True):
            features = encode(base.tokenizer, text, places=COMAS)
            given = dict(zip(INPUTS, (features.ids, features.marks), strict=True))
            for entry in interpreter.get_input_details():
                interpreter.resize_tensor_input(entry["index"], [len(features.ids)])
            interpreter.allocate_tensors()
            for entry in interpreter.get_input_details():
                values = next(given[name] for name in INPUTS if name in entry["name"])
                interpreter.set_tensor(entry["index"], np.array(values, np.int32))
            interpreter.invoke()
            said = [interpreter.get_tensor(d["index"]) for d in interpreter.get_output_details()]
            intent = next(s for s in said if s.shape == wanted.shape)
            assert np.abs(intent - wanted).max() < tolerance
            assert sorted(s.ndim for s in said) == [1, 1, 2]
            assert base.sizes.hidden in [len(s) for s in said if s.ndim == 1]


def test_where_nothing_is_given_to_choose_by_a_part_is_held_out(tiny_bert: Path, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, tiny_bert, HAND)
    mixture = read_mixture(replace(settings.data, dev=[], held_out=0.25), Random(1))
    assert (len(mixture.train), len(mixture.dev)) == (3, 1)
    assert not {e.text for e in mixture.train} & {e.text for e in mixture.dev}


def test_a_file_that_cannot_be_read_is_refused_by_name(tiny_bert: Path, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, tiny_bert, HAND)
    (tmp_path / "hand" / "b.txt").write_bytes(b"inform\tma\xf1ana\n")
    with pytest.raises(RowError, match=r"b\.txt: .*UTF-8"):
        train(settings)


def test_seqeval_counts_a_span_by_its_words() -> None:
    example = Example("cuna en comas, ya", "inform", (Span("location", 8, 13),))
    exact, comma, missed = (
        Guess("inform", 1.0, spans) for spans in (example.spans, (Span("location", 8, 14),), ())
    )
    assert standard_slot_f1([example] * 2, [exact, comma]) == 1.0
    assert standard_slot_f1([example] * 2, [exact, missed]) == pytest.approx(2 / 3)


def test_a_training_goes_on_from_the_weights_of_an_earlier_one(tiny_bert: Path, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, tiny_bert, HAND)
    train(settings)
    kept = np.load(tmp_path / "report" / WEIGHTS)
    later = replace(settings, base=replace(settings.base, go_on_from=str(tmp_path / "report" / WEIGHTS)))
    mixture = read_mixture(settings.data, Random(1))
    model = build(later, mixture, load_base(str(tiny_bert)))
    for variable in model.trainable_variables:
        assert np.array_equal(variable.numpy(), kept[variable.path])
    lacking = replace(settings, base=replace(settings.base, go_on_from="nowhere.npz"))
    with pytest.raises(ConfigError, match=r"nowhere\.npz"):
        train(lacking)


def test_the_neuron_that_never_varies_is_left_out(tiny_bert: Path, tmp_path: Path) -> None:
    settings = settings_for(tmp_path, tiny_bert, HAND)
    base, mixture = load_base(str(tiny_bert)), read_mixture(settings.data, Random(1))
    large = build(settings, mixture, base)
    for block in large.blocks:
        kernel, bias = block.expand.get_weights()
        kernel[:, 0] = 0
        block.expand.set_weights([kernel, bias])
    save_weights(large, tmp_path / "weights.npz")
    fewer = base.sizes.feed_forward - 1
    narrower = replace(settings.base, keep_feed_forward=fewer, go_on_from=str(tmp_path / "weights.npz"))
    small = build(replace(settings, base=narrower), mixture, base)
    assert small.sizes.feed_forward == fewer
    transitions = learn_transitions(base.tokenizer, AYLLU, mixture.train, 0.1)
    before, after = (predict(m, base, AYLLU, mixture.train, transitions)[1] for m in (large, small))
    assert np.allclose(before, after, atol=0.05)
    save_weights(small, tmp_path / "small.npz")
    onward = replace(settings.base, go_on_from=str(tmp_path / "small.npz"))
    again = build(replace(settings, base=onward), mixture, base)
    assert np.array_equal(predict(again, base, AYLLU, mixture.train, transitions)[1], after)


def test_the_layer_that_turns_the_states_least_is_left_out(tiny_bert: Path) -> None:
    base = load_base(str(tiny_bert))
    large, small = (Reader(sizes, 2, 3) for sizes in (base.sizes, replace(base.sizes, layers=1)))
    start_from(large, base)
    idle = large.blocks[0]
    for dense in (idle.output_, idle.contract):
        dense.set_weights([np.zeros_like(weights) for weights in dense.get_weights()])
    for norm in (large.embeddings.norm, idle.attention_norm, idle.norm):
        norm.set_weights([np.ones(base.sizes.hidden), np.zeros(base.sizes.hidden)])
    shrink(large, small, np.array([base.tokenizer.encode("busco cuna en comas").ids], np.int32))
    assert np.array_equal(small.blocks[0].query.get_weights()[0], large.blocks[1].query.get_weights()[0])
