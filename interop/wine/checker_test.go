package wine

import "testing"

// The checker programs each check a part of what a renderer must show, item by
// item: checker/check.h tells how. What fails is said by its number.

// What is registered is nobody else's meanwhile: this test is not parallel.
func TestCheckerRegistration(t *testing.T) {
	onEach(t, func(t *testing.T, m *Machine) {
		t.Cleanup(func() { succeeds(t, m, "regsvr32", FilterName) }) // the other tests need it
		checkTogether(t, m, "com", [][]int{{120, 121, 122, 123}})
	})
}

func TestCheckerClass(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		checkTogether(t, m, "com", [][]int{
			{1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17}, {10}, {101},
		})
	})
}

func TestCheckerPins(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		checkTogether(t, m, "pins", [][]int{
			{18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37},
			{38, 39, 40, 41, 42, 43, 44, 45},
			{46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58},
		}, s.base()+"live+pins")
	})
}

func TestCheckerStates(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		checkTogether(t, m, "states", [][]int{
			{60, 61, 62, 63, 65, 69}, {64, 66}, {68}, {10}, {70, 71, 72, 73, 75},
		}, s.base()+"live+states")
	})
}

// Servers of every kind: the limits in time hold with each. The last takes the
// publish and reads no more: what is sent fills the socket.
func TestCheckerLimits(t *testing.T) {
	onEachAtOnce(t, func(t *testing.T, m *Machine) {
		s := newStage(t)
		var urls []string
		for _, app := range []string{"live", "late", "refuse", "deny", "pause", "cut", "stall"} {
			urls = append(urls, s.base()+app+"+limits")
		}
		checkTogether(t, m, "states", [][]int{{59}, {66}, {67}, {74}}, urls...)
	})
}
