package drive

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"rtmpwriter/bench/film"
	"rtmpwriter/flv"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errBroken = errors.New("it broke")

// written is a tag that a stream was given, and when.
type written struct {
	film.Tag
	at time.Time
}

// heard is a stream that keeps what it is given, and fails after so many tags.
type heard struct {
	url    string
	tags   []written
	limit  int // 0: none
	closed int
}

func (h *heard) Write(t film.Tag) error {
	if h.limit > 0 && len(h.tags) == h.limit {
		return errBroken
	}
	t.Body = append([]byte{}, t.Body...)
	h.tags = append(h.tags, written{t, time.Now()})
	return nil
}

func (h *heard) Close() error {
	h.closed++
	return nil
}

// all are the streams that a job has opened.
type all struct {
	mu      sync.Mutex
	streams []*heard
	limits  []int // of the streams, in their order
}

func (a *all) open(_ Job, url string) (Stream, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	h := &heard{url: url}
	if n := len(a.streams); n < len(a.limits) {
		h.limit = a.limits[n]
	}
	a.streams = append(a.streams, h)
	return h, nil
}

// twoPictures is a film with two pictures and a sound, within its 20 s.
func twoPictures(t *testing.T) (name string) {
	t.Helper()
	name = filepath.Join(t.TempDir(), "two.flv")
	f, err := os.Create(name)
	require.NoError(t, err)
	w, err := flv.NewWriter(f, true, true)
	require.NoError(t, err)
	for _, tag := range []film.Tag{
		{Kind: 18, Body: []byte{2, 0, 0}},
		{Kind: 9, Body: []byte{0x17, 0, 1}}, {Kind: 8, Body: []byte{0xaf, 0, 2}},
		{Kind: 9, Timestamp: 0, Body: []byte{0x17, 1, 3}}, {Kind: 8, Timestamp: 500, Body: []byte{0xaf, 1, 4}},
		{Kind: 9, Timestamp: 19_000, Body: []byte{0x27, 1, 5}},
	} {
		require.NoError(t, w.WriteTag(flv.TagType(tag.Kind), tag.Timestamp, tag.Body))
	}
	require.NoError(t, f.Close())
	return name
}

// list names tags: the last byte of each and its timestamp.
func (h *heard) list() string {
	var b strings.Builder
	for _, t := range h.tags {
		fmt.Fprintf(&b, "%d@%d ", t.Body[len(t.Body)-1], t.Timestamp)
	}
	return b.String()
}

func TestFile(t *testing.T) {
	var a all
	require.NoError(t, Job{Kind: File, URL: "rtmp://example.com/live/x", File: twoPictures(t)}.run(a.open))
	require.Len(t, a.streams, 1)
	require.Equal(t, "rtmp://example.com/live/x", a.streams[0].url)
	require.Equal(t, "1@0 2@0 3@0 4@500 5@19000 ", a.streams[0].list(), "all but the metadata")
	require.Equal(t, 1, a.streams[0].closed)
	a = all{limits: []int{2}}
	require.ErrorIs(t, Job{Kind: File, File: twoPictures(t)}.run(a.open), errBroken)
}

func TestLive(t *testing.T) {
	name := twoPictures(t)
	synctest.Test(t, func(t *testing.T) {
		var a all
		begun := time.Now()
		// 41 s of stream in half the time.
		require.NoError(t, Job{Kind: Live, URL: "x", File: name, Streams: 3, Speed: 2, For: 20500 * time.Millisecond}.run(a.open))
		starts := map[time.Duration]bool{}
		for n, s := range a.streams {
			require.Equal(t, fmt.Sprint("x", n), s.url)
			require.Equal(t, "1@0 2@0 3@0 4@500 5@19000 3@20000 4@20500 5@39000 3@40000 4@40500 ", s.list(), "headers once")
			require.Equal(t, 1, s.closed)
			start := s.tags[0].at.Sub(begun)
			require.Less(t, start, time.Second/30)
			for _, tag := range s.tags {
				require.Equal(t, time.Duration(tag.Timestamp)*time.Millisecond/2, tag.at.Sub(begun)-start)
			}
			starts[start] = true
		}
		require.Len(t, starts, 3, "not in step")
	})
}

func TestOneStreamFails(t *testing.T) {
	name := twoPictures(t)
	synctest.Test(t, func(t *testing.T) {
		a := all{limits: []int{0, 3}}
		err := Job{Kind: Live, File: name, Streams: 3, Speed: 1, For: 10 * time.Second}.run(a.open)
		require.EqualError(t, err, "1 of 3 streams failed")
		for n, tags := range []int{4, 3, 4} {
			require.Len(t, a.streams[n].tags, tags)
			require.Equal(t, 1, a.streams[n].closed)
		}
	})
}

func TestNothingToDo(t *testing.T) {
	var a all
	require.ErrorContains(t, Job{Kind: "dance"}.run(a.open), `no job named "dance"`)
	for _, kind := range []string{File, Live, Growth} {
		require.ErrorIs(t, Job{Kind: kind, File: filepath.Join(t.TempDir(), "none.flv")}.run(a.open), os.ErrNotExist)
	}
	require.Empty(t, a.streams)
	for _, kind := range []string{File, Live, Latency} {
		err := Job{Kind: kind, File: twoPictures(t), Streams: 1}.run(func(Job, string) (Stream, error) { return nil, errBroken })
		require.ErrorIs(t, err, errBroken)
	}
}
