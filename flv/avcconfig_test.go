package flv

import (
	"bytes"
	"encoding/hex"
	"testing"

	"github.com/stretchr/testify/require"
)

// avcRecords are of x264, one a profile, for 64x64 at 25 frames a second.
var avcRecords = map[string]string{
	"baseline":   "0142c00affe100176742c00ad90426c044000003000400000300c83c48992001000568cb83cb20",
	"main":       "014d400affe10017674d400aeca2136022000003000200000300641e244b2c01000568ebe3cb20",
	"high":       "0164000affe100186764000aacd94426c044000003000400000300c83c48965801000668ebe3cb22c0fdf8f800",
	"high 10":    "016e000affe10018676e000aa6cd94426c0440000003004000000c83c489658001000668ebe3cb22c0fdfafa00",
	"high 4:2:2": "017a000affe10018677a000ab6cd94426c0440000003004000000c83c489658001000668ebe3cb22c0fefafa00",
	"high 4:4:4": "01f4000affe1001767f4000a919b2884d808800000030080000019078912cb01000668ebe3c44844fff8f800",
}

func unhex(t testing.TB, s string) []byte {
	b, err := hex.DecodeString(s)
	require.NoError(t, err)
	return b
}

func TestAVCConfigKeepsTheRecord(t *testing.T) {
	records := map[string]string{
		"high without extension": avcRecords["high"][:2*(len(avcRecords["high"])/2-4)],
		"with SPS extension":     avcRecords["high"][:len(avcRecords["high"])-2] + "0100026d01",
		"no parameter sets":      "0164000affe000",
		"bytes behind":           "0142c00affe000" + "beef",
		"reserved bits 0":        "0142c00a030000",
		"1-byte lengths":         "0142c00afce000",
		"two of each":            "014d400affe200026701000267020200026801000168",
	}
	for name, record := range avcRecords {
		records[name] = record
	}
	for name, record := range records {
		t.Run(name, func(t *testing.T) {
			wire := unhex(t, record)
			c, err := ParseAVCDecoderConfig(wire)
			require.NoError(t, err)
			got, err := c.Append([]byte{0xee})
			require.NoError(t, err)
			require.Equal(t, append([]byte{0xee}, wire...), got)

			end := len(wire) - len(c.Ext)
			for cut := range end {
				_, err := ParseAVCDecoderConfig(wire[:cut])
				require.Error(t, err, "cut at %d", cut)
			}
		})
	}
}

func TestAVCConfigFields(t *testing.T) {
	c, err := ParseAVCDecoderConfig(unhex(t, avcRecords["high 10"]))
	require.NoError(t, err)
	require.EqualValues(t, 110, c.Profile)
	require.EqualValues(t, 10, c.Level)
	require.Equal(t, 4, c.NALLengthSize)
	require.Len(t, c.SPS, 1)
	require.EqualValues(t, 0x67, c.SPS[0][0])
	require.EqualValues(t, 0x68, c.PPS[0][0])
	require.Equal(t, []byte{0xfd, 0xfa, 0xfa, 0}, c.Ext)
}

// TestNewAVCDecoderConfig makes from the parameter sets what x264's muxer made.
func TestNewAVCDecoderConfig(t *testing.T) {
	for name, record := range avcRecords {
		t.Run(name, func(t *testing.T) {
			want, err := ParseAVCDecoderConfig(unhex(t, record))
			require.NoError(t, err)
			got, err := NewAVCDecoderConfig(want.SPS, want.PPS)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
}

func TestNewAVCDecoderConfigOfUnusualSPS(t *testing.T) {
	pps := [][]byte{{0x68, 1}}
	c, err := NewAVCDecoderConfig([][]byte{{0x67, 100, 0, 31}}, pps)
	require.NoError(t, err)
	require.Nil(t, c.Ext, "the SPS breaks off: no extension is better than a wrong one")
	require.EqualValues(t, 100, c.Profile)

	c, err = NewAVCDecoderConfig([][]byte{{0x67, 66, 0xc0, 30, 1}, {0x67, 77, 0x40, 31, 1}}, pps)
	require.NoError(t, err)
	require.EqualValues(t, 66, c.Profile)
	require.EqualValues(t, 0x40, c.Compatibility, "what both share")
	require.EqualValues(t, 31, c.Level, "the highest")

	withdrawn, err := ParseAVCDecoderConfig(unhex(t, avcRecords["high 4:4:4"]))
	require.NoError(t, err)
	withdrawn.SPS[0][1] = 144
	c, err = NewAVCDecoderConfig(withdrawn.SPS, withdrawn.PPS)
	require.NoError(t, err)
	require.Equal(t, []byte{0xff, 0xf8, 0xf8, 0}, c.Ext)
	require.EqualValues(t, 144, c.SPS[0][1], "the SPS is left alone")
}

func TestAVCConfigLimits(t *testing.T) {
	sps, pps := []byte{0x67, 66, 0, 30}, []byte{0x68}
	many := func(set []byte, n int) (sets [][]byte) {
		for range n {
			sets = append(sets, set)
		}
		return sets
	}
	c, err := NewAVCDecoderConfig(many(sps, 31), many(pps, 255))
	require.NoError(t, err)
	wire, err := c.Append(nil)
	require.NoError(t, err)
	back, err := ParseAVCDecoderConfig(wire)
	require.NoError(t, err)
	require.Equal(t, c, back)

	for _, bad := range []struct {
		sps, pps [][]byte
		want     string
	}{
		{nil, many(pps, 1), "needs an SPS and a PPS"},
		{many(sps, 1), nil, "needs an SPS and a PPS"},
		{many(sps, 32), many(pps, 1), "32 SPS, the limit is 31"},
		{many(sps, 1), many(pps, 256), "256 PPS, the limit is 255"},
		{many(sps[:3], 1), many(pps, 1), "SPS 1 is none: 67 42 00"},
		{many(pps, 1), many(pps, 1), "SPS 1 is none: 68"},
		{many(sps, 1), many(sps, 1), "PPS 1 is none: 67 42 00 1e"},
		{many(sps, 1), [][]byte{{}}, "PPS 1 is none: "},
		{[][]byte{append(bytes.Clone(sps), make([]byte, 65532)...)}, many(pps, 1), "parameter set of 65536 bytes"},
	} {
		_, err := NewAVCDecoderConfig(bad.sps, bad.pps)
		require.ErrorContains(t, err, bad.want)
	}
	dst := []byte{7}
	got, err := (&AVCDecoderConfig{NALLengthSize: 5}).Append(dst)
	require.ErrorContains(t, err, "NAL unit length size 5")
	require.Equal(t, dst, got)
	_, err = ParseAVCDecoderConfig(unhex(t, "0042c00affe000"))
	require.ErrorContains(t, err, "version 0")
	_, err = ParseAVCDecoderConfig(unhex(t, "0142c00affe1000000"))
	require.ErrorContains(t, err, "SPS 1 of 1 has 0 bytes")
}

func FuzzAVCDecoderConfig(f *testing.F) {
	for _, record := range avcRecords {
		f.Add(unhex(f, record))
	}
	f.Add(unhex(f, "0142c00a030000"))     // reserved bits 0 must be kept
	f.Add(unhex(f, "0142c00affffffff01")) // 31 SPS, the first longer than the rest
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseAVCDecoderConfig(b)
		if err != nil {
			return
		}
		back, err := c.Append(nil)
		require.NoError(t, err)
		require.True(t, bytes.Equal(b, back))
		if made, err := NewAVCDecoderConfig(c.SPS, c.PPS); err == nil {
			_, err = made.Append(nil)
			require.NoError(t, err)
		}
	})
}
