/* SPDX-License-Identifier: MIT */
/* floor-start: what any program costs that does nothing. */
int main(void)
{
	return 0;
}
