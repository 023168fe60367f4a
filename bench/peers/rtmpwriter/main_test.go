package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"rtmpwriter/bench/drive"
	"rtmpwriter/bench/film"
	"rtmpwriter/bench/sink"
)

// The publisher's Run begins with the second header: without it nothing is to wait for.
func TestCloseBeforeTheStreamBegins(t *testing.T) {
	s, err := open(drive.Job{Buffer: -1}, "rtmp://127.0.0.1:1/live/x")
	require.NoError(t, err)
	require.NoError(t, s.Write(film.Tag{Kind: 8, Body: []byte{0xaf, 0, 0x11, 0x90}}))
	closed := make(chan error, 1)
	go func() { closed <- s.Close() }()
	select {
	case err := <-closed:
		require.NoError(t, err)
	case <-time.After(30 * time.Second):
		t.Fatal("Close waits for what never began")
	}
}

func TestStream(t *testing.T) {
	receiver, err := sink.New()
	require.NoError(t, err)
	defer receiver.Close()
	s, err := open(drive.Job{Kind: drive.Live, Buffer: -1}, "rtmp://"+receiver.Addr()+"/live/key")
	require.NoError(t, err)
	record := []byte{0x17, 0, 0, 0, 0, 1, 0x64, 0, 0x28, 0xff, 0xe1, 0, 27,
		0x67, 0x64, 0x00, 0x28, 0xac, 0xd9, 0x40, 0x78, 0x02, 0x27, 0xe5, 0xc0, 0x44, 0x00, 0x00, 0x03, 0x00, 0x04, 0x00, 0x00, 0x03, 0x00, 0xf0, 0x3c, 0x60, 0xc6, 0x58,
		1, 0, 6, 0x68, 0xeb, 0xe3, 0xcb, 0x22, 0xc0}
	for _, tag := range []film.Tag{
		{Kind: 9, Body: record}, {Kind: 8, Body: []byte{0xaf, 0, 0x11, 0x90}},
		{Kind: 9, Body: []byte{0x17, 1, 0, 0, 33, 0, 0, 0, 2, 0x65, 0x88}}, {Kind: 8, Body: []byte{0xaf, 1, 0x21}},
		{Kind: 9, Timestamp: 33, Body: []byte{0x27, 1, 0xff, 0xff, 0xdf, 0, 0, 0, 2, 0x41, 0x9a}},
		{Kind: 9, Timestamp: 66, Body: []byte{0x17, 2, 0, 0, 0}},
	} {
		require.NoError(t, s.Write(tag))
	}
	require.NoError(t, s.Close())
	all, err := receiver.Collect(t.Context(), 1)
	require.NoError(t, err)
	require.Len(t, all, 1)
	require.Equal(t, "key", all[0].Key)
	require.Equal(t, []int{3, 2}, []int{all[0].Video, all[0].Audio})
}
