package abi

import (
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/publish"
)

// TestNumbersAndWords goes through every option that is a number in COM: what it
// has now is a number, and the number is taken back.
func TestNumbersAndWords(t *testing.T) {
	options := publish.DefaultOptions()
	for _, o := range Options() {
		f, _ := o.FieldOf(options.Fields())
		was := f.Value.String()
		number, ok := o.Number(f, was)
		require.Equal(t, o.Kind != Text, ok, o.Name)
		if !ok {
			continue
		}
		word, err := o.Word(f, number)
		require.NoError(t, err, o.Name)
		require.NoError(t, f.Set(word), o.Name)
		require.Equal(t, was, f.Value.String(), o.Name)
	}
}

func TestEveryChoiceHasItsNumber(t *testing.T) {
	options := publish.DefaultOptions()
	for _, o := range Options() {
		f, _ := o.FieldOf(options.Fields())
		for i, word := range f.Choices {
			got, err := o.Word(f, int32(i))
			require.NoError(t, err)
			require.Equal(t, word, got)
			require.NoError(t, f.Set(got))
			number, ok := o.Number(f, f.Value.String())
			require.True(t, ok)
			require.EqualValues(t, i, number)
		}
	}
}

func TestWordRefuses(t *testing.T) {
	options := publish.DefaultOptions()
	o, _ := At(IndexOf("publish-mode"))
	f, _ := o.FieldOf(options.Fields())
	for _, n := range []int32{-1, 3, 1 << 30} {
		_, err := o.Word(f, n)
		var wrong *publish.OptionError
		require.ErrorAs(t, err, &wrong)
		require.Equal(t, "must be 0 (live), 1 (record) or 2 (append)", wrong.Reason)
	}
	_, ok := o.Number(f, "pause")
	require.False(t, ok)
}

func TestBoolsAreOnUnlessZero(t *testing.T) {
	options := publish.DefaultOptions()
	o, _ := At(IndexOf("tcp-no-delay"))
	f, _ := o.FieldOf(options.Fields())
	for number, want := range map[int32]string{0: "off", 1: "on", -1: "on", 2: "on"} {
		word, err := o.Word(f, number)
		require.NoError(t, err)
		require.Equal(t, want, word)
	}
}
