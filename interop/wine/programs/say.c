/* Prints its arguments behind the first, and how many bits a pointer has, and ends
 * with the first as its code; or does not end, when that is "hang". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

int main(int argc, char **argv)
{
	for (int i = 2; i < argc; i++)
		printf("%s\r\n", argv[i]);
	fprintf(stderr, "bits %d\n", (int)(8 * sizeof(void *)));
	fflush(stdout);
	if (argc > 1 && strcmp(argv[1], "hang") == 0)
		Sleep(INFINITE);
	return argc > 1 ? atoi(argv[1]) : 0;
}
