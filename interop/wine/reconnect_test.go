package wine

import (
	"context"
	"strconv"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"rtmpwriter/internal/receiver"
)

func TestConnectionControl(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		args := []string{s.base()}
		for _, name := range []string{"gone", "lost", "away"} {
			args = append(args, name+"="+newStage(t).base()+"vanish+"+name)
		}
		out := checkAll(t, m, args,
			group{"reconnect", []int{302, 303}}, group{"reconnect", []int{304, 305, 310}},
			group{"waiting", []int{306, 307}}, group{"waiting", []int{311}}, group{"waiting", []int{308}}, group{"waiting", []int{309}})
		require.Len(t, s.published("re303"), 2)
		require.Len(t, s.published("re310"), 3)

		// What was delivered before the process was ended had been on the socket.
		for _, line := range said(out, "delivered") {
			plays := s.published(line[0])
			require.Len(t, plays, 1)
			<-plays[0].Ended()
			got := s.published(line[0])[0]
			arrivedNow := []string{strconv.Itoa(got.count(typeVideo)), strconv.Itoa(got.count(typeAudio))}
			require.Equal(t, line[1:], arrivedNow)
		}
		require.NotEmpty(t, said(out, "delivered"))
	})
}

// restarting is a receiver that can be killed and started again at its address.
type restarting struct {
	t *testing.T

	mu       sync.Mutex
	receiver *receiver.Receiver
	addr     string
	n        int
}

// start returns what is closed when frames have come for longer than a failed
// start lives.
func (r *restarting) start() (frames <-chan struct{}) {
	const enough = 170 // 2.5 s
	r.mu.Lock()
	defer r.mu.Unlock()
	come := make(chan struct{})
	r.n = 0
	started, err := receiver.Start(context.Background(), receiver.Config{Addr: r.addr, OnMessage: func(m receiver.Message) {
		r.mu.Lock()
		defer r.mu.Unlock()
		if m.Kind == receiver.KindVideo || m.Kind == receiver.KindAudio {
			if r.n++; r.n == enough {
				close(come)
			}
		}
	}})
	require.NoError(r.t, err)
	r.receiver, r.addr = started, started.Addr()
	return come
}

// kill ends the server and returns what it got of the stream.
func (r *restarting) kill() *receiver.Result {
	require.NoError(r.t, r.receiver.Close())
	result, err := r.receiver.Wait(context.Background())
	require.NoError(r.t, err)
	return result
}

func TestServerRestart(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		r := &restarting{t: t}
		frames := r.start()
		line := command(t, m, "reconnect", "restart="+r.receiver.URL("live", "restart"), "301")
		ctx := bounded(t)
		p, err := m.Start(ctx, line...)
		require.NoError(t, err)
		defer p.Kill()
		select {
		case <-frames:
		case <-ctx.Done():
			require.Fail(t, "no frames came", p.Output())
		}
		first := r.kill()
		_, err = p.WaitLine(ctx, "event status 2")
		require.NoError(t, err)
		r.start()
		out, code, err := p.Wait()
		require.NoError(t, err)
		judge(t, out, code, 301)
		second := r.kill()
		require.Equal(t, receiver.EndDeleteStream, second.End, "the second connection is closed in order")
		for _, result := range []*receiver.Result{first, second} {
			require.Equal(t, 1, result.Video.Headers)
			require.Equal(t, 1, result.Audio.Headers)
			require.False(t, result.Video.HeaderMissing || result.Audio.HeaderMissing)
			require.NotNil(t, result.Metadata)
		}
		require.Greater(t, second.Video.First, first.Video.Last, "time goes on")
	})
}
