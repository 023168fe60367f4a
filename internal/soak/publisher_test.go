package soak

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/flv"
	"rtmpwriter/media"
	"rtmpwriter/publish"
	"rtmpwriter/rtmp/rtmptest"
)

func avcC(t *testing.T) []byte {
	t.Helper()
	c, err := flv.NewAVCDecoderConfig([][]byte{sps}, [][]byte{pps})
	require.NoError(t, err)
	b, err := c.Append(nil)
	require.NoError(t, err)
	return b
}

// kind is a publisher of the soak.
type kind struct {
	name     string
	payload  int // bytes of a picture
	ackEvery int // of its server; 0: it acknowledges nothing
	live     bool
	change   func(*publish.Options, string)
}

// kinds all hold a minute of stream for an outage.
func kinds() []kind {
	return []kind{
		{"spooled", 12_000, 10_000, false, func(o *publish.Options, folder string) {
			o.LiveMode, o.OutageMemory, o.OutageSpool, o.CatchUpRate = true, 1<<20, folder, 400
			o.OutputBufferSize = 3 << 19 // five seconds: the rest of an outage goes to disk
		}},
		{"in memory", 3000, 10_000, false, func(o *publish.Options, _ string) { o.LiveMode, o.CatchUpRate = true, 0 }},
		{"unacknowledged", 1500, 0, false, func(o *publish.Options, _ string) {
			// All that is held is sent again each time: at a set rate it would never be
			// over before the next harm.
			o.LiveMode, o.CatchUpRate, o.OutageMemory = true, 0, 4<<20
		}},
		{"blocking", 2000, 10_000, false, func(o *publish.Options, _ string) { o.CatchUpRate = 400 }},
		{"live", 3000, 10_000, true, func(o *publish.Options, _ string) { o.LiveMode, o.OutageMode = true, publish.OutageLive }},
	}
}

// source is one publisher with its way to its server.
type source struct {
	kind
	*publish.Publisher
	audience *audience
	proxy    *proxy
	server   *rtmptest.Server
	ended    chan error
	wrote    [2]int // pictures, sounds
	onDisk   int64  // the most that was there, bytes
	out      atomic.Int64
	released atomic.Int64
}

// Release counts the packets that came back.
func (s *source) Release() { s.released.Add(1) }

// Parameter sets of x264: Constrained Baseline, 64x48, 25 frames/s.
var (
	sps = unhex("6742c00ad9047b011000000300100000030320f12264")
	pps = unhex("68cb83cb20")
)

func unhex(s string) []byte {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

func newSource(t *testing.T, k kind, number int, length time.Duration) *source {
	t.Helper()
	s := &source{kind: k, audience: newAudience(int((length+time.Minute)/audioStep/time.Millisecond), k.payload), ended: make(chan error, 1)}
	s.server = rtmptest.NewServer(t, s.audience.script(k.ackEvery))
	s.proxy = newProxy(t, s.server.Addr, uint64(number))
	o := publish.DefaultOptions()
	o.URL = "rtmp://" + s.proxy.listener.Addr().String() + "/live+soak"
	o.OutageBuffer, o.ReconnectUnlimited, o.ReconnectOnStart = time.Minute, true, true
	// The sender must feel a stall soon, and the buffer must bear what the sender
	// bears: a link that is slow and no outage.
	o.ReconnectInterval, o.ReconnectMaxInterval, o.ConnectTimeout = 200*time.Millisecond, time.Second, 3*time.Second
	o.SocketBufferSize, o.OutputBufferSize = 65536, 8<<20
	k.change(&o, t.TempDir())
	p, err := publish.New(o)
	require.NoError(t, err)
	require.NoError(t, p.SetTracks(
		media.Track{Codec: media.CodecH264, Framing: media.FramingLengthPrefixed, NALLengthSize: 4, Config: avcC(t)},
		media.Track{Codec: media.CodecAAC, Framing: media.FramingRaw, Config: []byte{0x11, 0x90}}))
	s.Publisher = p
	go func() { s.ended <- p.Run(context.Background()) }() // joined by finish
	return s
}

// film writes 25 pictures and 50 sounds a second for length.
func (s *source) film(length time.Duration) error {
	began := time.Now()
	ticker := time.NewTicker(videoStep * time.Millisecond)
	defer ticker.Stop()
	for ; time.Since(began) < length; <-ticker.C {
		at := time.Duration(s.wrote[0]) * videoStep * time.Millisecond
		if err := s.give(0, at, prefixed(picture(s.wrote[0], s.payload))); err != nil {
			return err
		}
		s.wrote[0]++
		s.onDisk = max(s.onDisk, s.Stats().OutageSpooled)
		for range 2 {
			at := time.Duration(s.wrote[1]) * audioStep * time.Millisecond
			if err := s.give(1, at, sound(s.wrote[1])); err != nil {
				return err
			}
			s.wrote[1]++
		}
	}
	return nil
}

func (s *source) give(track int, at time.Duration, b []byte) error {
	s.out.Add(1)
	err := s.Write(context.Background(), media.Packet{Track: track, DTS: at, PTS: at, Data: b, Owner: s})
	if s.live && errors.Is(err, publish.ErrBufferFull) {
		return nil // counted as dropped
	}
	if err != nil {
		return fmt.Errorf("packet of track %d at %v: %w; %v, %+v", track, at, err, s.Status().State, s.Stats())
	}
	return nil
}

func prefixed(nal []byte) []byte {
	n := len(nal)
	return append([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, nal...)
}

// finish ends the stream and everything behind it.
func (s *source) finish(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	require.NoError(t, s.Shutdown(ctx), s.name)
	require.NoError(t, <-s.ended, s.name)
	s.proxy.close()
	s.server.Close()
}

// judge requires that all is there that should be.
func (s *source) judge(t *testing.T) {
	t.Helper()
	stats := s.Stats()
	a := s.audience
	t.Logf("%s: %d pictures, %d sounds, %d sessions, %d reconnects, sent again %d, arrived twice %d, lost %d, dropped %d, skipped %d, on disk at most %d bytes",
		s.name, s.wrote[0], s.wrote[1], a.sessions, stats.Reconnects, stats.FramesResent, a.twice, stats.FramesLost, stats.FramesDropped, stats.FramesSkipped, s.onDisk)
	require.Empty(t, a.faults, s.name)
	require.Equal(t, s.out.Load(), s.released.Load(), "%s: every packet is given back once", s.name)
	require.Empty(t, stats.SpoolError, s.name)
	lost := stats.FramesLost + stats.FramesDropped + stats.FramesSkipped
	require.Equal(t, s.wrote[0]+s.wrote[1], stats.VideoPacketsSent+stats.AudioPacketsSent+lost, "%s: %+v", s.name, stats)
	require.LessOrEqual(t, a.twice, stats.FramesResent, "%s: what came twice is told", s.name)
	if s.live {
		return // it says what it leaves out, which the sum above has checked
	}
	require.Zero(t, lost, "%s: %+v", s.name, stats)
	require.Empty(t, a.missing(9, s.wrote[0]), "%s: pictures", s.name)
	require.Empty(t, a.missing(8, s.wrote[1]), "%s: sounds", s.name)
}
