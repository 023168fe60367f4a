package flvin

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"testing/iotest"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/flv"
	"rtmpwriter/media"
)

func TestTruncatedFile(t *testing.T) {
	whole := build(t, true, true).configs().gops(1).bytes()
	_, all := readWhole(t, bytes.NewReader(whole), 0)
	for cut := range whole {
		s, err := Open(bytes.NewReader(whole[:cut]), Options{})
		if err != nil {
			require.True(t, errors.As(err, new(*media.DamageError)) || errors.As(err, new(*media.UnsupportedError)), "cut at %d: %v", cut, err)
			continue
		}
		packets, damages, err := drain(t, s)
		require.Equal(t, io.EOF, err)
		require.LessOrEqual(t, len(damages), 1)
		require.Len(t, packets, min(len(packets), len(all)))
		for i := range packets {
			require.Equal(t, all[i].data, packets[i].data)
		}
	}
}

func TestDamageIsToldAtItsTurn(t *testing.T) {
	first := build(t, true, true).configs().gops(1).bytes()
	second := build(t, true, true).configs().gops(1).bytes()
	in := append(append(bytes.Clone(first), "garbage"...), second[13:]...)
	s, err := Open(bytes.NewReader(in), Options{})
	require.NoError(t, err)
	defer s.Close()
	for range 30 {
		p, err := s.Next()
		require.NoError(t, err)
		p.Release()
	}
	_, err = s.Next()
	var damage *media.DamageError
	require.ErrorAs(t, err, &damage)
	require.EqualValues(t, len(first), damage.Offset)
	require.Equal(t, 381*time.Millisecond, damage.Time)
	packets, damages, err := drain(t, s)
	require.Equal(t, io.EOF, err)
	require.Empty(t, damages)
	require.Len(t, packets, 30)
}

func TestDamagedFileHeader(t *testing.T) {
	in := build(t, true, true).configs().gops(1).bytes()
	in[5] = 0xff // a data offset beyond the file
	s, err := Open(bytes.NewReader(in), Options{})
	require.NoError(t, err)
	packets, damages, err := drain(t, s)
	require.Equal(t, io.EOF, err)
	require.Len(t, damages, 1)
	require.Len(t, packets, 30)
}

// TestOddTags has tags whose bodies are no use. Each run of them is told once.
func TestOddTags(t *testing.T) {
	f := build(t, true, true).configs().
		video(0, flv.FrameKey, flv.AVCNALU, 0, 1).
		tag(flv.TagVideo, 40, 0x22, 1, 2).tag(flv.TagVideo, 40, 0x22, 1, 2).
		audio(40, flv.AACRaw, 2).
		tag(flv.TagVideo, 80, 0x17, 1).
		video(80, flv.FrameKey, flv.AVCNALU, 0, 3).
		video(80, flv.FrameKey, flv.AVCSequenceHeader, 0, 9, 9).
		audio(81, flv.AACSequenceHeader, 1).
		video(120, flv.FrameInter, flv.AVCNALU, 0, 4)
	s, err := Open(f.pipe(), Options{})
	require.NoError(t, err)
	packets, damages, err := drain(t, s)
	require.Equal(t, io.EOF, err)
	require.Equal(t, []plain{
		{0, 0, 0, true, "\x01", ""}, {1, 40, 40, false, "\x02", ""},
		{0, 80, 80, true, "\x03", ""}, {0, 120, 120, false, "\x04", ""},
	}, packets)
	var reasons []string
	for _, d := range damages {
		reasons = append(reasons, d.Reason)
	}
	require.Len(t, reasons, 3)
	require.Contains(t, reasons[0], "Sorenson H.263")
	require.Contains(t, reasons[1], "video tag: flv: AVC configuration of 2 bytes")
	require.Contains(t, reasons[2], "AudioSpecificConfig of 1 bytes")
	require.Equal(t, 80*time.Millisecond, damages[1].Time)
}

// TestLateTrack has audio that begins after Open has settled the tracks.
func TestLateTrack(t *testing.T) {
	f := build(t, true, false).video(0, flv.FrameKey, flv.AVCSequenceHeader, 0, highConfig...)
	for i := range uint32(100) {
		f.video(40*i, flv.FrameKey, flv.AVCNALU, 0, 1)
	}
	f.audio(4000, flv.AACSequenceHeader, stereo44...).audio(4000, flv.AACRaw, 1).audio(4020, flv.AACRaw, 1)
	s, err := Open(f.pipe(), Options{})
	require.NoError(t, err)
	packets, damages, err := drain(t, s)
	require.Equal(t, io.EOF, err)
	require.Len(t, packets, 100)
	require.Len(t, damages, 1)
	require.Contains(t, damages[0].Reason, "begins only here")
}

func TestInputErrors(t *testing.T) {
	broken := errors.New("the disk is gone")
	head := build(t, true, true).configs().gops(1).bytes()
	for _, cut := range []int{0, 5, 13, 20} {
		_, err := Open(io.MultiReader(bytes.NewReader(head[:cut]), iotest.ErrReader(broken)), Options{})
		require.ErrorIs(t, err, broken, "after %d bytes", cut)
	}
	s, err := Open(io.MultiReader(bytes.NewReader(head), iotest.ErrReader(broken)), Options{})
	require.NoError(t, err)
	packets, damages, err := drain(t, s)
	require.ErrorIs(t, err, broken)
	require.Empty(t, damages)
	require.Len(t, packets, 30)
}
