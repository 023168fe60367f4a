package corpus

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestClipsAreNamedOnceAndMadeFromEarlierOnes(t *testing.T) {
	known := map[string]bool{}
	for _, c := range Clips() {
		require.False(t, known[c.Name], "%s is there twice", c.Name)
		if c.from != "" {
			require.True(t, known[c.from], "%s is made of %s, which comes later", c.Name, c.from)
		}
		if c.Times != "" {
			require.True(t, known[c.Times], "%s has the times of %s, which comes later", c.Name, c.Times)
		}
		known[c.Name] = true
	}
}

func TestCaptionsComeBeforeEachPicture(t *testing.T) {
	stream := []byte{0, 0, 0, 1, 0x67, 9, 0, 0, 1, 0x68, 8, 0, 0, 1, 0x65, 7, 0, 0, 0, 1, 0x41, 6}
	want := []byte{0, 0, 0, 1, 0x67, 9, 0, 0, 0, 1, 0x68, 8}
	want = append(append(want, captionSEI...), 0, 0, 0, 1, 0x65, 7)
	want = append(append(want, captionSEI...), 0, 0, 0, 1, 0x41, 6)
	require.Equal(t, want, addCaptions(stream))
}
