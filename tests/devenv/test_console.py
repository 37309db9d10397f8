"""What ./dev shows while it works."""

from devenv import console


def test_the_bar_shows_how_many_of_how_many():
    assert console.bar_text("Orders", 150, 300, 12.4, width=10) == "Orders [#####-----] 150 of 300, 12 s"


def test_a_bar_over_nothing_does_not_fall_over():
    assert console.bar_text("Orders", 0, 0, 0, width=4) == "Orders [----] 0 of 0, 0 s"


def test_off_a_terminal_a_bar_prints_one_line_for_each_tenth(capsys):
    bar = console.ProgressBar("Orders", 200)
    for done in range(201):
        bar.update(done)
    bar.close()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 11
    assert "0 of 200" in lines[0]
    assert "200 of 200" in lines[-1]


def test_a_table_puts_its_values_in_one_column():
    assert console.table([("Orders", "300"), ("Failed", "0")]) == "  Orders  300\n  Failed  0"
