package publish_test

import (
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/rtmp/rtmptest"
)

var update = flag.Bool("update", false, "write testdata/golden anew")

// TestGoldenStream compares the bodies of all messages of a small stream with
// those written down: metadata, sequence headers, frames.
func TestGoldenStream(t *testing.T) {
	s := start(t, rtmptest.Script{}, nil, videoInBand, rawAAC)
	s.write(1, 0, 0, []byte{0x21, 1})
	s.write(0, 0, 80*ms, annexB(smallSPS, pps, idr(1)))
	s.write(1, 21*ms, 21*ms, []byte{0x21, 2})
	s.write(0, 40*ms, 40*ms, annexB(inter(2)))
	var b strings.Builder
	for _, m := range s.finish() {
		kind := map[uint8]string{8: "audio", 9: "video", 18: "data"}[m.Type]
		fmt.Fprintf(&b, "# %s, csid %d, message stream %d, time %d\n%s\n", kind, m.CSID, m.StreamID, m.Timestamp, hex.Dump(m.Body))
	}
	name := filepath.Join("testdata", "golden", "stream.txt")
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o750))
		require.NoError(t, os.WriteFile(name, []byte(b.String()), 0o600))
	}
	want, err := os.ReadFile(name)
	require.NoError(t, err)
	require.Equal(t, string(want), b.String())
}
